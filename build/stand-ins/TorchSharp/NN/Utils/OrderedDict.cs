using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace TorchSharp.Utils;

#pragma warning disable CS8714 // TorchSharp's type has no constraint on its keys

/// <summary>A dictionary that enumerates its entries in the order in which they were added.</summary>
/// <remarks>Meant for the few entries of a module: removing and replacing look through the list.</remarks>
public class OrderedDict<TKey, TValue> : IDictionary<TKey, TValue>, IEnumerable<(TKey, TValue)>, IList<(TKey, TValue)>
{
    private readonly Dictionary<TKey, TValue> _values = [];
    private readonly List<(TKey Key, TValue Value)> _order = [];

    public int Count => _order.Count;

    public bool IsReadOnly => false;

    public ICollection<TKey> Keys => _order.ConvertAll(entry => entry.Key);

    public ICollection<TValue> Values => _order.ConvertAll(entry => entry.Value);

    public (TKey, TValue) this[int index]
    {
        get => _order[index];
        set
        {
            RemoveAt(index);
            Insert(index, value);
        }
    }

    public TValue this[TKey key]
    {
        get => _values[key];
        set
        {
            if (_values.ContainsKey(key))
                _order[IndexOfKey(key)] = (key, value);
            else
                _order.Add((key, value));
            _values[key] = value;
        }
    }

    public void Add(TKey key, TValue value)
    {
        _values.Add(key, value);
        _order.Add((key, value));
    }

    public void Add((TKey, TValue) item) => Add(item.Item1, item.Item2);

    public void Add(KeyValuePair<TKey, TValue> item) => Add(item.Key, item.Value);

    internal bool TryAdd(TKey key, TValue value)
    {
        if (!_values.TryAdd(key, value)) return false;
        _order.Add((key, value));
        return true;
    }

    public void Insert(int index, (TKey, TValue) item)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)index, (uint)_order.Count, nameof(index));
        _values.Add(item.Item1, item.Item2);
        _order.Insert(index, item);
    }

    public bool Remove(TKey key)
    {
        if (!_values.Remove(key)) return false;
        _order.RemoveAt(IndexOfKey(key));
        return true;
    }

    public bool Remove((TKey, TValue) item) => Contains(item) && Remove(item.Item1);

    public bool Remove(KeyValuePair<TKey, TValue> item) => Remove((item.Key, item.Value));

    public void RemoveAt(int index)
    {
        _values.Remove(_order[index].Key);
        _order.RemoveAt(index);
    }

    public void Clear() => clear();

    public void clear()
    {
        _values.Clear();
        _order.Clear();
    }

    public bool Contains((TKey, TValue) item) => _order.Contains(item);

    public bool Contains(KeyValuePair<TKey, TValue> item) => _order.Contains((item.Key, item.Value));

    public bool ContainsKey(TKey key) => _values.ContainsKey(key);

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => _values.TryGetValue(key, out value);

    public int IndexOf((TKey, TValue) item) => _order.IndexOf(item);

    public void CopyTo((TKey, TValue)[] array, int arrayIndex) => _order.CopyTo(array, arrayIndex);

    public void CopyTo(KeyValuePair<TKey, TValue>[] array, int arrayIndex)
    {
        foreach (var (key, value) in _order) array[arrayIndex++] = new(key, value);
    }

    public IEnumerable<TKey> keys() => Keys;

    public IEnumerable<TValue> values() => Values;

    public IEnumerator<(TKey, TValue)> items() => _order.GetEnumerator();

    public IEnumerator<(TKey, TValue)> GetEnumerator() => _order.GetEnumerator();

    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator()
        => _order.Select(entry => new KeyValuePair<TKey, TValue>(entry.Key, entry.Value)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _order.GetEnumerator();

    private int IndexOfKey(TKey key) => _order.FindIndex(entry => EqualityComparer<TKey>.Default.Equals(entry.Key, key));
}

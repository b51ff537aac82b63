namespace TorchSharp.Modules;

/// <summary>Marks modules without parameters and buffers.</summary>
#pragma warning disable CA1040 // TorchSharp has it empty
public interface IParameterLessModule
{
}

namespace TorchSharp;

public static partial class torch
{
    public static Generator manual_seed(long seed) => Generator.Default.manual_seed(seed);

    public static long seed() => Generator.Default.seed();

    public static long initial_seed() => Generator.Default.initial_seed();

    public static Tensor get_rng_state() => Generator.Default.get_state();

    public static void set_rng_state(Tensor new_state) => Generator.Default.set_state(new_state);

    public static class random
    {
        public static Generator manual_seed(long seed) => torch.manual_seed(seed);

        public static long seed() => torch.seed();

        public static long initial_seed() => torch.initial_seed();

        public static Tensor get_rng_state() => torch.get_rng_state();

        public static void set_rng_state(Tensor new_state) => torch.set_rng_state(new_state);
    }

    /// <summary>A source of random numbers on the CPU. Each read of Default is a new wrapper of the one process-wide generator.</summary>
    public unsafe class Generator : IDisposable
    {
        public Generator(ulong seed = 0, Device? device = null)
        {
            nint generator;
            Native.Check(Native.pst_generator_new(seed, &generator));
            Handle = generator;
            this.device = device ?? CPU;
        }

        private Generator(nint handle)
        {
            Handle = handle;
            device = CPU;
        }

        ~Generator() => Dispose(false);

        public static Generator Default
        {
            get
            {
                nint generator;
                Native.Check(Native.pst_generator_default(&generator));
                return new Generator(generator);
            }
        }

        public nint Handle { get; private set; }

        public Device device { get; }

        public Generator manual_seed(long seed)
        {
            Native.Check(Native.pst_generator_set_seed(Handle, (ulong)seed));
            GC.KeepAlive(this);
            return this;
        }

        public long seed()
        {
            ulong value;
            Native.Check(Native.pst_generator_seed(Handle, 1, &value));
            GC.KeepAlive(this);
            return (long)value;
        }

        public long initial_seed()
        {
            ulong value;
            Native.Check(Native.pst_generator_seed(Handle, 0, &value));
            GC.KeepAlive(this);
            return (long)value;
        }

        public Tensor get_state()
        {
            nint state;
            Native.Check(Native.pst_generator_state(Handle, &state));
            GC.KeepAlive(this);
            return new Tensor(state);
        }

        public void set_state(Tensor value)
        {
            Native.Check(Native.pst_generator_set_state(Handle, value.Handle));
            GC.KeepAlive(this);
            GC.KeepAlive(value);
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (Handle == 0) return;
            var generator = Handle;
            Handle = 0;
            Native.pst_generator_free(generator);
        }
    }
}

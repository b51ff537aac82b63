namespace TorchSharp;

// set_num_interop_threads is left out on purpose: a second call ends the process.
public static partial class torch
{
    public static int get_num_threads() => Native.pst_threads();

    public static void set_num_threads(int num) => Native.Check(Native.pst_set_threads(num));

    public static int get_num_interop_threads() => Native.pst_interop_threads();
}

namespace TorchSharp;

public enum DeviceType
{
    CPU = 0,
    CUDA = 1,
    MKLDNN = 2,
    OPENGL = 3,
    OPENCL = 4,
    IDEEP = 5,
    HIP = 6,
    FPGA = 7,
    MSNPU = 8,
    XLA = 9,
    MPS = 13,
    META = 14,
}

public enum layout
{
    strided,
    sparse_coo,
}

public enum memory_format
{
    preserve_format,
    contiguous_format,
    channels_last,
}

public enum TensorStringStyle
{
    Metadata,
    Julia,
    Numpy,
    CSharp,
    Default,
}

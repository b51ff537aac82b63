namespace TorchSharp;

public static partial class torch
{
    public static readonly Device CPU = new(DeviceType.CPU);

    public static readonly Device META = new(DeviceType.META);

    private static Device defaultDevice = CPU;

    public static Device CUDA => InitializeDevice(new Device(DeviceType.CUDA));

    public static Device device(string description) => InitializeDevice(new Device(description));

    public static Device device(string deviceType, int index = -1) => InitializeDevice(new Device(deviceType, index));

    public static Device device(DeviceType deviceType, int index = -1) => InitializeDevice(new Device(deviceType, index));

    public static Device device(int index) => new(DeviceType.CUDA, index);

    public static Device get_default_device() => defaultDevice;

    public static void set_default_device(Device device) => defaultDevice = device;

    public static void set_default_device(string device) => defaultDevice = new Device(device);

    public static Device InitializeDevice(Device? device)
    {
        device ??= get_default_device();
        InitializeDeviceType(device.type);
        return device;
    }

    public static void InitializeDeviceType(DeviceType deviceType)
    {
        if (!TryInitializeDeviceType(deviceType))
            throw new InvalidOperationException($"Torch device type {deviceType} did not initialise on the current machine.");
    }

    public static bool TryInitializeDeviceType(DeviceType deviceType) => deviceType is DeviceType.CPU or DeviceType.META;

    public static bool cuda_is_available() => false;

    public static bool mps_is_available() => false;

    public class Device
    {
        public Device(string description)
        {
            var parts = description.Split(':');
            type = Parse(parts[0]);
            if (parts.Length == 2) index = int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
        }

        public Device(string deviceType, int index = -1)
        {
            type = Parse(deviceType);
            this.index = index;
        }

        public Device(DeviceType deviceType, int index = -1)
        {
            type = deviceType;
            this.index = index;
        }

        public Device(int index)
        {
            type = DeviceType.CUDA;
            this.index = index;
        }

        public DeviceType type { get; }

        public int index { get; } = -1;

        public static implicit operator Device(string description) => new(description);

        public override string ToString()
        {
            if (type == DeviceType.CPU) return "cpu";
            var name = type.ToString().ToLowerInvariant();
            return index == -1 ? name : $"{name}:{index}";
        }

        private static DeviceType Parse(string name) => Enum.Parse<DeviceType>(name, ignoreCase: true);
    }

    public static partial class cuda
    {
        public static bool is_available() => false;

        public static bool is_cudnn_available() => false;

        public static int device_count() => 0;

        public static void manual_seed(long seed) => InitializeDeviceType(DeviceType.CUDA);

        public static void manual_seed_all(long seed) => InitializeDeviceType(DeviceType.CUDA);

        public static void synchronize(Device? device = null) => InitializeDeviceType(DeviceType.CUDA);
    }
}

using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace StandIns.Tests.NN;

/// <summary>Each optimizer against its formula, on gradients that change from step to step.</summary>
public sealed class OptimizerTests
{
    private static readonly double[] Start = [1, -2, 0.5];

    private static double Gradient(int step, int element) => Math.Sin(3 * step + element) + 0.25;

    private static double[] Run(Func<IEnumerable<Parameter>, optim.Optimizer> create, int steps = 5)
    {
        using var parameter = nn.Parameter(Values.Of(Start));
        using var optimizer = create([parameter]);
        for (var step = 1; step <= steps; step++) Step(optimizer, parameter, step);
        return Values.Read(parameter);
    }

    private static void Step(optim.Optimizer optimizer, Parameter parameter, int step)
    {
        using var gradient = Values.Of([.. Enumerable.Range(0, Start.Length).Select(element => Gradient(step, element))]);
        parameter.grad = gradient;
        optimizer.step();
    }

    /// <summary>The formula for one element: it gets the step, the value and the gradient.</summary>
    private static void Follows(Func<Func<int, double, double, double>> formula, double[] actual, int steps = 5)
    {
        for (var element = 0; element < Start.Length; element++)
        {
            var next = formula();
            var value = Start[element];
            for (var step = 1; step <= steps; step++) value = next(step, value, Gradient(step, element));
            Assert.Equal(value, actual[element], 1e-12);
        }
    }

    [Theory]
    [InlineData(0, 0, 0, false, false)]
    [InlineData(0.9, 0, 0, false, false)]
    [InlineData(0.9, 0.3, 0.1, false, false)]
    [InlineData(0.9, 0, 0.1, true, false)]
    [InlineData(0.5, 0, 0.1, false, true)]
    public void Sgd_follows_its_formula(double momentum, double dampening, double decay, bool nesterov, bool maximize)
        => Follows(
            () =>
            {
                var velocity = 0.0;
                return (step, value, gradient) =>
                {
                    gradient += decay * value;
                    velocity = step == 1 ? gradient : momentum * velocity + (1 - dampening) * gradient;
                    var change = momentum == 0 ? gradient : nesterov ? gradient + momentum * velocity : velocity;
                    return value + (maximize ? 0.1 : -0.1) * change;
                };
            },
            Run(parameters => optim.SGD(parameters, 0.1, momentum, dampening, decay, nesterov, maximize)));

    [Theory]
    [InlineData(0, false, false)]
    [InlineData(0.1, false, false)]
    [InlineData(0, true, false)]
    [InlineData(0.1, true, true)]
    public void Adam_and_AdamW_follow_their_formulas(double decay, bool amsgrad, bool maximize)
    {
        Func<Func<int, double, double, double>> Formula(bool decoupled) => () =>
        {
            var (first, second, largest) = (0.0, 0.0, 0.0);
            return (step, value, gradient) =>
            {
                if (maximize) gradient = -gradient;
                if (decoupled) value *= 1 - 0.01 * decay;
                else gradient += decay * value;
                first = 0.8 * first + 0.2 * gradient;
                second = 0.95 * second + 0.05 * gradient * gradient;
                largest = Math.Max(largest, second);
                var spread = Math.Sqrt((amsgrad ? largest : second) / (1 - Math.Pow(0.95, step)));
                return value - 0.01 * first / (1 - Math.Pow(0.8, step)) / (spread + 1e-6);
            };
        };

        Follows(Formula(false), Run(p => optim.Adam(p, 0.01, 0.8, 0.95, 1e-6, decay, amsgrad, maximize)));
        Follows(Formula(true), Run(p => optim.AdamW(p, 0.01, 0.8, 0.95, 1e-6, decay, amsgrad, maximize)));
    }

    [Fact]
    public void Groups_have_settings_of_their_own_and_take_the_rest_from_the_optimizer()
    {
        using var fast = nn.Parameter(Values.Of(1.0));
        using var slow = nn.Parameter(Values.Of(1.0));
        using var optimizer = optim.SGD(
            [new SGD.ParamGroup([fast], lr: 1), new SGD.ParamGroup { Parameters = [slow], Options = new() { momentum = 0.5 } }],
            learningRate: 0.25);
        foreach (var parameter in optimizer.parameters())
        {
            using var gradient = Values.Of(0.5);
            parameter.grad = gradient;
        }

        optimizer.step();
        optimizer.step();

        Values.Close([0], fast);
        Values.Close([1 - 0.25 * (0.5 + 0.75)], slow);
        Assert.Equal([1, 0.25], optimizer.ParamGroups.Select(group => group.LearningRate));
        Assert.Equal([1, 0.25], optimizer.ParamGroups.Select(group => group.InitialLearningRate));
    }

    [Fact]
    public void Named_parameters_serve_as_well()
    {
        using var model = nn.Linear(2, 1);

        foreach (var optimizer in new optim.Optimizer[]
                 {
                     optim.SGD(model.named_parameters(), 0.1), optim.Adam(model.named_parameters()), optim.AdamW(model.named_parameters()),
                 })
            Assert.Equal(model.parameters(), optimizer.parameters());
    }

    [Fact]
    public void Zero_grad_fills_with_zeros_and_parameters_without_gradient_stay()
    {
        using var used = nn.Parameter(Values.Of(1.0));
        using var unused = nn.Parameter(Values.Of(1.0));
        using var optimizer = optim.Adam([used, unused], weight_decay: 0.5);
        using var gradient = Values.Of(0.5);
        used.grad = gradient;

        optimizer.step();
        optimizer.zero_grad();

        Assert.Equal([0.0], Values.Gradient(used));
        Assert.Null(unused.grad);
        Values.Close([1], unused);
        Assert.NotEqual(1, Values.Single(used));
    }

    [Fact]
    public void The_closure_runs_with_gradients_on_and_its_loss_comes_back()
    {
        using var parameter = nn.Parameter(Values.Of(3.0));
        using var optimizer = optim.SGD([parameter], 0.5);
        using var untracked = no_grad();

        using var loss = optimizer.step(() =>
        {
            var squared = Op.Call("aten::mul.Tensor", parameter, parameter);
            squared.backward();
            return squared;
        });

        Assert.Equal(9, Values.Single(loss!));
        Values.Close([0], parameter);
    }

    [Fact]
    public void A_step_leaves_no_tensors_in_the_callers_scope()
    {
        using var model = nn.Linear(3, 2);
        foreach (var optimizer in new optim.Optimizer[]
                 {
                     optim.SGD(model.parameters(), 0.1, momentum: 0.9, weight_decay: 0.1), optim.Adam(model.parameters(), amsgrad: true),
                     optim.AdamW(model.parameters(), weight_decay: 0.1),
                 })
        {
            using var scope = NewDisposeScope();
            using (NewDisposeScope())
            {
                using var input = zeros([1, 3]);
                Op.Call("aten::sum", model.forward(input)).backward();
            }

            Assert.Equal(0, scope.DisposablesCount);
            optimizer.step();
            optimizer.step();
            optimizer.zero_grad();
            Assert.Equal(0, scope.DisposablesCount);
            optimizer.Dispose();
        }
    }

    [Fact]
    public void Moved_parameters_are_unknown_to_the_optimizer()
    {
        using var model = nn.Linear(1, 1);
        using var optimizer = optim.SGD(model.parameters(), 0.1);
        model.to(ScalarType.Float64);

        Assert.Throws<KeyNotFoundException>(() => optimizer.step());
    }

    [Fact]
    public void Settings_out_of_range_are_refused()
    {
        using var parameter = nn.Parameter(Values.Of(1.0));
        Parameter[] one = [parameter];

        Assert.Throws<ArgumentException>(() => optim.SGD(one, -1));
        Assert.Throws<ArgumentException>(() => optim.SGD(one, 1, momentum: -0.1));
        Assert.Throws<ArgumentException>(() => optim.SGD(one, 1, weight_decay: -0.1));
        Assert.Throws<ArgumentException>(() => optim.SGD(one, 1, nesterov: true));
        Assert.Throws<ArgumentException>(() => optim.Adam(one, beta1: 1));
        Assert.Throws<ArgumentException>(() => optim.Adam(one, beta2: -0.5));
        Assert.Throws<ArgumentException>(() => optim.AdamW(one, eps: -1));
    }

    public static TheoryData<string> Kinds => ["SGD", "Adam", "AdamW"];

    private static OptimizerHelper Create(string kind, Parameter parameter, double rate = 0.1) => kind switch
    {
        "SGD" => optim.SGD([parameter], rate, momentum: 0.9),
        "Adam" => optim.Adam([parameter], rate, amsgrad: true),
        _ => optim.AdamW([parameter], rate, weight_decay: 0.1),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Training_goes_on_from_a_saved_state_as_if_it_had_not_stopped(string kind)
    {
        using var whole = nn.Parameter(Values.Of(Start));
        using var uninterrupted = Create(kind, whole);
        for (var step = 1; step <= 3; step++) Step(uninterrupted, whole, step);
        using var stream = new MemoryStream();
        uninterrupted.save_state_dict(new BinaryWriter(stream));
        using var resumed = nn.Parameter(Values.Of(Values.Read(whole)));
        using var copied = nn.Parameter(Values.Of(Values.Read(whole)));

        stream.Position = 0;
        using var second = Create(kind, resumed, rate: 7);
        second.load_state_dict(new BinaryReader(stream));
        Assert.True(second.state_dict().State[0].ApproximatelyEquals(uninterrupted.state_dict().State[0]));
        using var third = Create(kind, copied, rate: 7);
        third.load_state_dict(uninterrupted.state_dict());
        Assert.False(Create(kind, copied).state_dict().State[0].ApproximatelyEquals(third.state_dict().State[0]));

        for (var step = 4; step <= 6; step++)
        {
            Step(uninterrupted, whole, step);
            Step(second, resumed, step);
            Step(third, copied, step);
        }

        Values.Same(whole, resumed, 0);
        Values.Same(whole, copied, 0);
    }

    [Fact]
    public void The_state_file_holds_kind_counts_settings_and_buffers()
    {
        using var parameter = nn.Parameter(Values.Of(1.0));
        using var optimizer = optim.SGD([parameter], 0.5, momentum: 0.25, weight_decay: 0.125);
        using var stream = new MemoryStream();
        optimizer.save_state_dict(new BinaryWriter(stream));
        static byte[] Bytes(double value) => BitConverter.GetBytes(value);

        byte[] before =
        [
            3, .. "SGD"u8, 1, 1, .. Bytes(0.5), .. Bytes(0.5), .. Bytes(0.25), .. Bytes(0), .. Bytes(0.125), 0, 0, 0,
        ];
        Assert.Equal(before, stream.ToArray());

        using var gradient = Values.Of(2.0);
        parameter.grad = gradient;
        optimizer.step();
        stream.SetLength(0);
        optimizer.save_state_dict(new BinaryWriter(stream));
        Assert.Equal([.. before[..^1], 1, 7, 1, 1, .. Bytes(2.125)], stream.ToArray());
    }

    [Fact]
    public void A_state_of_another_optimizer_or_model_is_refused()
    {
        using var parameter = nn.Parameter(Values.Of(1.0));
        using var other = nn.Parameter(Values.Of(1.0));
        using var sgd = optim.SGD([parameter], 0.1);
        using var adam = optim.Adam([parameter]);
        using var two = optim.SGD([parameter, other], 0.1);
        using var stream = new MemoryStream();
        sgd.save_state_dict(new BinaryWriter(stream));

        stream.Position = 0;
        Assert.Contains("'Adam'", Assert.Throws<InvalidDataException>(() => adam.load_state_dict(new BinaryReader(stream))).Message);
        stream.Position = 0;
        Assert.Throws<ArgumentException>(() => two.load_state_dict(new BinaryReader(stream)));
        Assert.Throws<ArgumentException>(() => two.load_state_dict(sgd.state_dict()));
        Assert.Equal([0, 1], two.state_dict().StateIndexRef[0]);
    }
}

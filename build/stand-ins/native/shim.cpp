// A thin C interface over libtorch for the TorchSharp stand-in. Operators are called by name through the dispatcher, boxed; what is
// no operator (autograd entry points, custom functions, RNG, thread counts) has a function here. No C++ exception leaves this file:
// a failing entry returns nonzero, and pst_error gives the message of the calling thread.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cstring>

#define EXPORT extern "C" __attribute__((visibility("default")))

using at::Tensor;
using c10::IValue;
using torch::autograd::variable_list;

namespace {

enum Kind : int32_t {
  kNone, kTensor, kInt, kDouble, kBool, kString, kIntList, kDoubleList, kBoolList, kTensorList, kDevice, kGenerator, kComplex
};

// One argument or result. Lists: `length` elements at `pointer`. Device: type in `integer`, index in `length`.
struct Value {
  Kind kind;
  int32_t length;
  union {
    int64_t integer;
    double real;
    const void* pointer;
  };
};

struct Parameter {
  c10::TypeKind kind;
  c10::TypeKind element = c10::TypeKind::NoneType;
  bool elementOptional = false;
  int32_t fixedLength = 0;
  c10::optional<IValue> standard;
  std::string name;
};

struct Operator {
  c10::OperatorHandle handle;
  std::vector<Parameter> parameters;
};

thread_local std::string lastError;
thread_local std::vector<Value> results;

std::string firstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

template <typename F>
int guarded(F&& body) {
  try {
    body();
    return 0;
  } catch (const c10::Error& error) {
    lastError = firstLine(error.what_without_backtrace());
  } catch (const std::exception& error) {
    lastError = firstLine(error.what());
  } catch (...) {
    lastError = "unknown native error";
  }
  return 1;
}

Tensor* own(Tensor&& tensor) { return tensor.defined() ? new Tensor(std::move(tensor)) : nullptr; }

variable_list tensors(Tensor* const* handles, int64_t count) {
  variable_list list;
  list.reserve(count);
  for (int64_t i = 0; i < count; i++) list.push_back(handles[i] ? *handles[i] : Tensor());
  return list;
}

std::unique_ptr<Operator> find(const char* name, const char* overload) {
  auto found = std::make_unique<Operator>(Operator{c10::Dispatcher::singleton().findSchemaOrThrow(name, overload), {}});
  for (const auto& argument : found->handle.schema().arguments()) {
    auto type = argument.type();
    if (type->kind() == c10::TypeKind::OptionalType) type = type->castRaw<c10::OptionalType>()->getElementType();
    Parameter parameter{type->kind()};
    if (auto list = type->cast<c10::ListType>()) {
      auto element = list->getElementType();
      if (element->kind() == c10::TypeKind::OptionalType) {
        parameter.elementOptional = true;
        element = element->castRaw<c10::OptionalType>()->getElementType();
      }
      parameter.element = element->kind();
    }
    parameter.fixedLength = argument.N().value_or(1);
    parameter.standard = argument.default_value();
    parameter.name = argument.name();
    found->parameters.push_back(std::move(parameter));
  }
  return found;
}

[[noreturn]] void mismatch(const Operator& op, const Parameter& parameter, const Value& value) {
  TORCH_CHECK(false, toString(op.handle.operator_name()), ": argument '", parameter.name, "' wants a ",
      c10::typeKindToString(parameter.kind), ", got a value of kind ", static_cast<int>(value.kind));
}

template <typename T>
c10::List<T> listOf(const Value& value) {
  auto data = static_cast<const T*>(value.pointer);
  c10::List<T> list;
  list.reserve(value.length);
  for (int32_t i = 0; i < value.length; i++) list.push_back(data[i]);
  return list;
}

IValue list(const Operator& op, const Parameter& parameter, const Value& value) {
  switch (parameter.element) {
    case c10::TypeKind::IntType:
    case c10::TypeKind::SymIntType:
      if (value.kind == kIntList) return listOf<int64_t>(value);
      // As in Python, one number stands for a whole int[2] and the like.
      if (value.kind == kInt) return std::vector<int64_t>(parameter.fixedLength, value.integer);
      break;
    case c10::TypeKind::FloatType:
      if (value.kind == kDoubleList) return listOf<double>(value);
      break;
    case c10::TypeKind::BoolType:
      if (value.kind == kBoolList) return listOf<bool>(value);
      break;
    case c10::TypeKind::TensorType:
      if (value.kind == kTensorList) {
        auto handles = static_cast<Tensor* const*>(value.pointer);
        if (parameter.elementOptional) {
          c10::List<c10::optional<Tensor>> list;
          for (int32_t i = 0; i < value.length; i++)
            list.push_back(handles[i] ? c10::optional<Tensor>(*handles[i]) : c10::nullopt);
          return list;
        }
        c10::List<Tensor> list;
        list.reserve(value.length);
        for (int32_t i = 0; i < value.length; i++) list.push_back(handles[i] ? *handles[i] : Tensor());
        return list;
      }
      break;
    default:
      break;
  }
  mismatch(op, parameter, value);
}

IValue convert(const Operator& op, const Parameter& parameter, const Value& value) {
  if (value.kind == kNone) return IValue();
  switch (parameter.kind) {
    case c10::TypeKind::TensorType:
      if (value.kind == kTensor) return *static_cast<const Tensor*>(value.pointer);
      break;
    case c10::TypeKind::IntType:
    case c10::TypeKind::SymIntType:
      if (value.kind == kInt) return value.integer;
      break;
    case c10::TypeKind::FloatType:
      if (value.kind == kDouble) return value.real;
      if (value.kind == kInt) return static_cast<double>(value.integer);
      break;
    case c10::TypeKind::NumberType:
      if (value.kind == kInt) return value.integer;
      if (value.kind == kDouble) return value.real;
      if (value.kind == kBool) return value.integer != 0;
      if (value.kind == kComplex) {
        auto parts = static_cast<const double*>(value.pointer);
        return c10::complex<double>(parts[0], parts[1]);
      }
      break;
    case c10::TypeKind::BoolType:
      if (value.kind == kBool) return value.integer != 0;
      break;
    case c10::TypeKind::StringType:
      if (value.kind == kString) return std::string(static_cast<const char*>(value.pointer), value.length);
      break;
    case c10::TypeKind::DeviceObjType:
      if (value.kind == kDevice)
        return c10::Device(static_cast<c10::DeviceType>(value.integer), static_cast<c10::DeviceIndex>(value.length));
      break;
    case c10::TypeKind::GeneratorType:
      if (value.kind == kGenerator) return *static_cast<const at::Generator*>(value.pointer);
      break;
    case c10::TypeKind::ListType:
      return list(op, parameter, value);
    default:
      break;
  }
  mismatch(op, parameter, value);
}

void add(Tensor&& tensor) {
  Value value{kTensor, 0};
  value.pointer = own(std::move(tensor));
  results.push_back(value);
}

void add(IValue&& result) {
  Value value{kNone, 0};
  value.integer = 0;
  if (result.isTensor()) {
    return add(std::move(result).toTensor());
  } else if (result.isTensorList()) {
    for (Tensor tensor : result.toTensorVector()) add(std::move(tensor));
    return;
  } else if (result.isInt()) {
    value.kind = kInt;
    value.integer = result.toInt();
  } else if (result.isDouble()) {
    value.kind = kDouble;
    value.real = result.toDouble();
  } else if (result.isBool()) {
    value.kind = kBool;
    value.integer = result.toBool();
  } else {
    TORCH_CHECK(result.isNone(), "a result of type ", result.tagKind(), " has no counterpart here");
  }
  results.push_back(value);
}

}  // namespace

EXPORT const char* pst_error() { return lastError.c_str(); }

// ---- operators

EXPORT int pst_find(const char* name, const char* overload, Operator** op) {
  return guarded([&] { *op = find(name, overload).release(); });
}

EXPORT int pst_call(const Operator* op, const Value* arguments, int32_t count, int32_t wanted, const Value** out, int32_t* outCount) {
  return guarded([&] {
    auto total = static_cast<int32_t>(op->parameters.size());
    TORCH_CHECK(count <= total, toString(op->handle.operator_name()), " takes ", total, " arguments, got ", count);
    torch::jit::Stack stack;
    stack.reserve(total);
    for (int32_t i = 0; i < total; i++) {
      const auto& parameter = op->parameters[i];
      if (i < count) {
        stack.push_back(convert(*op, parameter, arguments[i]));
      } else {
        TORCH_CHECK(parameter.standard.has_value(), toString(op->handle.operator_name()), ": argument '", parameter.name, "' is missing");
        stack.push_back(*parameter.standard);
      }
    }
    op->handle.callBoxed(&stack);
    results.clear();
    if (wanted)
      for (auto& value : stack) add(std::move(value));
    *out = results.data();
    *outCount = static_cast<int32_t>(results.size());
  });
}

// ---- tensors

EXPORT void pst_tensor_free(Tensor* tensor) { delete tensor; }
EXPORT Tensor* pst_tensor_share(const Tensor* tensor) { return new Tensor(*tensor); }
EXPORT int64_t pst_dim(const Tensor* tensor) { return tensor->dim(); }
EXPORT int64_t pst_numel(const Tensor* tensor) { return tensor->numel(); }
EXPORT int64_t pst_element_size(const Tensor* tensor) { return static_cast<int64_t>(tensor->dtype().itemsize()); }
EXPORT int32_t pst_dtype(const Tensor* tensor) { return static_cast<int32_t>(tensor->scalar_type()); }
EXPORT int32_t pst_device_type(const Tensor* tensor) { return static_cast<int32_t>(tensor->device().type()); }
EXPORT int32_t pst_device_index(const Tensor* tensor) { return tensor->device().index(); }
EXPORT int32_t pst_requires_grad(const Tensor* tensor) { return tensor->requires_grad(); }
EXPORT int32_t pst_is_leaf(const Tensor* tensor) { return tensor->is_leaf(); }

EXPORT int pst_sizes(const Tensor* tensor, int64_t* sizes) {
  return guarded([&] { std::memcpy(sizes, tensor->sizes().data(), tensor->dim() * sizeof(int64_t)); });
}

EXPORT int pst_strides(const Tensor* tensor, int64_t* strides) {
  return guarded([&] { std::memcpy(strides, tensor->strides().data(), tensor->dim() * sizeof(int64_t)); });
}

EXPORT int pst_is_contiguous(const Tensor* tensor, int32_t* contiguous) {
  return guarded([&] { *contiguous = tensor->is_contiguous(); });
}

EXPORT int pst_data(const Tensor* tensor, void** data) {
  return guarded([&] { *data = tensor->data_ptr(); });
}

EXPORT int pst_storage_offset(const Tensor* tensor, int64_t* offset) {
  return guarded([&] { *offset = tensor->storage_offset(); });
}

// The memory is the caller's; `release` gets `state` when the last tensor that uses it is gone.
EXPORT int pst_from_memory(void* data, const int64_t* sizes, int64_t dimensions, int32_t type, void (*release)(void*), void* state,
    Tensor** out) {
  return guarded([&] {
    *out = own(at::from_blob(data, c10::IntArrayRef(sizes, dimensions), [=](void*) { release(state); },
        c10::TensorOptions(static_cast<c10::ScalarType>(type))));
  });
}

EXPORT int pst_set_requires_grad(Tensor* tensor, int32_t value) {
  return guarded([&] { tensor->set_requires_grad(value != 0); });
}

EXPORT int pst_grad(const Tensor* tensor, Tensor** grad) {
  return guarded([&] { *grad = own(Tensor(tensor->grad())); });
}

EXPORT int pst_set_grad(Tensor* tensor, const Tensor* grad) {
  return guarded([&] {
    if (grad) {
      TORCH_CHECK(grad->sizes() == tensor->sizes(), "assigned grad has data of a different size");
      TORCH_CHECK(grad->scalar_type() == tensor->scalar_type(), "assigned grad has data of a different type");
    }
    tensor->mutable_grad() = grad ? *grad : Tensor();
  });
}

// ---- autograd

EXPORT int pst_backward(Tensor* const* roots, int64_t rootCount, Tensor* const* gradients, int64_t gradientCount, int32_t retain,
    int32_t create, Tensor* const* inputs, int64_t inputCount) {
  return guarded([&] {
    torch::autograd::backward(tensors(roots, rootCount), tensors(gradients, gradientCount), retain != 0, create != 0,
        tensors(inputs, inputCount));
  });
}

EXPORT int32_t pst_grad_enabled() { return c10::GradMode::is_enabled(); }
EXPORT void pst_set_grad_enabled(int32_t enabled) { c10::GradMode::set_enabled(enabled != 0); }
EXPORT int32_t pst_inference_enabled() { return c10::InferenceMode::is_enabled(); }
EXPORT c10::InferenceMode* pst_inference_enter(int32_t mode) { return new c10::InferenceMode(mode != 0); }
EXPORT void pst_inference_leave(c10::InferenceMode* guard) { delete guard; }

// ---- custom functions

namespace {

// Both are managed and never throw: backward returns nonzero after a managed exception, which stays with the managed side.
// It fills `out` with one handle (owned by the receiver) or null per differentiable input.
using BackwardCallback = int (*)(void* state, void* node, Tensor** gradients, int64_t count, Tensor** out, int64_t outCount);
using ReleaseCallback = void (*)(void* state);

struct ManagedNode : torch::autograd::Node {
  BackwardCallback backward;
  ReleaseCallback releaseState;
  void* state;
  std::vector<torch::autograd::SavedVariable> saved;

  ManagedNode(BackwardCallback backward, ReleaseCallback releaseState, void* state)
      : backward(backward), releaseState(releaseState), state(state) {}
  ~ManagedNode() override { releaseState(state); }

  std::string name() const override { return "ManagedFunction"; }
  void release_variables() override { saved.clear(); }

  variable_list apply(variable_list&& inputs) override {
    std::vector<Tensor*> gradients;
    for (auto& input : inputs) gradients.push_back(own(std::move(input)));
    std::vector<Tensor*> produced(num_outputs(), nullptr);
    auto failed = backward(state, this, gradients.data(), static_cast<int64_t>(gradients.size()), produced.data(),
        static_cast<int64_t>(produced.size()));
    variable_list list;
    for (auto handle : produced) {
      list.push_back(handle ? std::move(*handle) : Tensor());
      delete handle;
    }
    if (failed) throw std::runtime_error("a custom autograd function failed in backward");
    return list;
  }
};

using NodePointer = std::shared_ptr<ManagedNode>;

}  // namespace

EXPORT int pst_node_new(BackwardCallback backward, ReleaseCallback release, void* state, Tensor* const* inputs, int64_t count,
    int32_t executable, NodePointer** node) {
  return guarded([&] {
    // Nodes are freed by autograd's own deleter, which unwinds long graphs without recursion.
    NodePointer created(new ManagedNode(backward, release, state), torch::autograd::deleteNode);
    if (executable) created->set_next_edges(torch::autograd::collect_next_edges(tensors(inputs, count)));
    created->clear_input_metadata();
    *node = new NodePointer(std::move(created));
  });
}

EXPORT void pst_node_free(NodePointer* node) { delete node; }

EXPORT int pst_node_wrap(NodePointer* node, int32_t executable, Tensor* const* inputs, int64_t inputCount, Tensor* const* outputs,
    int64_t outputCount, Tensor* const* fixed, int64_t fixedCount, Tensor* const* dirty, int64_t dirtyCount, Tensor** wrapped) {
  return guarded([&] {
    std::unordered_set<at::TensorImpl*> nonDifferentiable, changed;
    for (int64_t i = 0; i < fixedCount; i++) nonDifferentiable.insert(fixed[i]->unsafeGetTensorImpl());
    for (int64_t i = 0; i < dirtyCount; i++) {
      dirty[i]->unsafeGetTensorImpl()->bump_version();
      changed.insert(dirty[i]->unsafeGetTensorImpl());
    }
    std::vector<c10::optional<Tensor>> raw;
    for (int64_t i = 0; i < outputCount; i++) raw.push_back(outputs[i] ? c10::optional<Tensor>(*outputs[i]) : c10::nullopt);
    auto noForwardMode = [](variable_list, variable_list) -> variable_list {
      TORCH_CHECK(false, "a custom function has no forward-mode derivative");
    };
    auto list = torch::autograd::_wrap_outputs(tensors(inputs, inputCount), nonDifferentiable, changed, raw,
        executable ? std::static_pointer_cast<torch::autograd::Node>(*node) : nullptr, noForwardMode);
    for (int64_t i = 0; i < outputCount; i++) wrapped[i] = list[i].has_value() ? own(std::move(*list[i])) : nullptr;
  });
}

EXPORT int pst_node_save(NodePointer* node, Tensor* const* handles, int64_t count) {
  return guarded([&] {
    auto& saved = (*node)->saved;
    saved.clear();
    for (int64_t i = 0; i < count; i++) {
      auto variable = handles[i] ? *handles[i] : Tensor();
      bool isOutput = variable.defined() && variable.grad_fn().get() == node->get();
      saved.emplace_back(variable, isOutput);
    }
  });
}

// For the backward callback, with the node it was given.
EXPORT int pst_node_saved(ManagedNode* node, Tensor** out, int64_t count) {
  return guarded([&] {
    TORCH_CHECK(static_cast<int64_t>(node->saved.size()) == count, torch::autograd::ERR_BACKWARD_TWICE);
    auto self = node->shared_from_this();
    for (int64_t i = 0; i < count; i++) out[i] = own(node->saved[i].unpack(self));
  });
}

// ---- random numbers

EXPORT int pst_generator_default(at::Generator** generator) {
  return guarded([&] { *generator = new at::Generator(at::detail::getDefaultCPUGenerator()); });
}

EXPORT int pst_generator_new(uint64_t seed, at::Generator** generator) {
  return guarded([&] { *generator = new at::Generator(at::detail::createCPUGenerator(seed)); });
}

EXPORT void pst_generator_free(at::Generator* generator) { delete generator; }

EXPORT int pst_generator_set_seed(at::Generator* generator, uint64_t seed) {
  return guarded([&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    generator->set_current_seed(seed);
  });
}

EXPORT int pst_generator_seed(at::Generator* generator, int32_t fresh, uint64_t* seed) {
  return guarded([&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    *seed = fresh ? generator->seed() : generator->current_seed();
  });
}

EXPORT int pst_generator_state(at::Generator* generator, Tensor** state) {
  return guarded([&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    *state = own(generator->get_state());
  });
}

EXPORT int pst_generator_set_state(at::Generator* generator, const Tensor* state) {
  return guarded([&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    generator->set_state(*state);
  });
}

// ---- threads

EXPORT int32_t pst_threads() { return at::get_num_threads(); }
EXPORT int32_t pst_interop_threads() { return static_cast<int32_t>(at::get_num_interop_threads()); }
EXPORT int pst_set_threads(int32_t count) {
  return guarded([&] { at::set_num_threads(count); });
}

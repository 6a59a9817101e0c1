// A method of an object, to be called later: two words, no allocation, never empty once assigned.
// The object must outlive the caller; wrappers of this room are members of the object they call.
#pragma once

#include <utility>

namespace p2pd::io {

template <class Signature>
class Bound;

template <class... Arguments>
class Bound<void(Arguments...)> {
 public:
  template <auto Method, class T>
  static Bound of(T* object) {
    return Bound(object, [](void* erased, Arguments... arguments) {
      (static_cast<T*>(erased)->*Method)(std::forward<Arguments>(arguments)...);
    });
  }

  void operator()(Arguments... arguments) const {
    call_(object_, std::forward<Arguments>(arguments)...);
  }

 private:
  using Call = void (*)(void*, Arguments...);
  Bound(void* object, Call call) : object_(object), call_(call) {}

  void* object_;
  Call call_;
};

// bind<&Session::on_timeout>(this)
template <auto Method, class T>
class Binding {
 public:
  explicit Binding(T* object) : object_(object) {}
  template <class... Arguments>
  operator Bound<void(Arguments...)>() const {
    return Bound<void(Arguments...)>::template of<Method>(object_);
  }

 private:
  T* object_;
};

template <auto Method, class T>
Binding<Method, T> bind(T* object) {
  return Binding<Method, T>(object);
}

} // namespace p2pd::io

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
  template <class T, auto Method, auto... First>
  static Bound of(T* object) {
    return Bound(object, [](void* erased, Arguments... arguments) {
      (static_cast<T*>(erased)->*Method)(First..., std::forward<Arguments>(arguments)...);
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

// bind<&Session::on_timeout>(this), or with the first arguments:
// bind<&Transfer::apply, Event::retry>(this)
template <class T, auto Method, auto... First>
class Binding {
 public:
  explicit Binding(T* object) : object_(object) {}
  template <class... Arguments>
  operator Bound<void(Arguments...)>() const {
    return Bound<void(Arguments...)>::template of<T, Method, First...>(object_);
  }

 private:
  T* object_;
};

template <auto Method, auto... First, class T>
Binding<T, Method, First...> bind(T* object) {
  return Binding<T, Method, First...>(object);
}

} // namespace p2pd::io

// A member that lets callbacks which others keep check whether the owner still exists, because they
// may be called after it was destroyed or stopped. Loop thread only.
#pragma once

#include <memory>
#include <utility>

namespace p2pd::io {

template <class Owner>
class Alive final {
 public:
  explicit Alive(Owner* owner) : token_(std::make_shared<Owner*>(owner)) {}
  Alive(const Alive&) = delete;
  Alive& operator=(const Alive&) = delete;

  // A weak reference that may outlive the owner.
  class Ref final {
   public:
    Owner* get() const { // null once the owner is gone or end() was called
      const auto token = token_.lock();
      return token == nullptr ? nullptr : *token;
    }

   private:
    friend class Alive;
    explicit Ref(std::weak_ptr<Owner*> token) : token_(std::move(token)) {}
    std::weak_ptr<Owner*> token_;
  };
  Ref ref() const { return Ref(token_); }

  // A callback that calls use(owner, arguments...), and does nothing once get() is null.
  template <class Use>
  auto guard(Use use) const {
    return [ref = ref(), use = std::move(use)](auto&&... arguments) {
      if (Owner* const owner = ref.get())
        use(*owner, std::forward<decltype(arguments)>(arguments)...);
    };
  }

  void end() { token_.reset(); } // invalidates all references while the owner still exists
  bool ended() const { return token_ == nullptr; }

 private:
  std::shared_ptr<Owner*> token_;
};

} // namespace p2pd::io

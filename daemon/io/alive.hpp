// A member that tells callbacks whether its owner is still there: those that others keep, so that
// they may come when it is gone or has stopped. Loop thread only.
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

  // What others may hold for any time.
  class Ref final {
   public:
    Owner* get() const { // null once it is over
      const auto token = token_.lock();
      return token == nullptr ? nullptr : *token;
    }

   private:
    friend class Alive;
    explicit Ref(std::weak_ptr<Owner*> token) : token_(std::move(token)) {}
    std::weak_ptr<Owner*> token_;
  };
  Ref ref() const { return Ref(token_); }

  // A callback that calls use(owner, arguments...), or nothing once it is over.
  template <class Use>
  auto guard(Use use) const {
    return [ref = ref(), use = std::move(use)](auto&&... arguments) {
      if (Owner* const owner = ref.get())
        use(*owner, std::forward<decltype(arguments)>(arguments)...);
    };
  }

  void end() { token_.reset(); } // for all that was handed out, before the owner is gone
  bool ended() const { return token_ == nullptr; }

 private:
  std::shared_ptr<Owner*> token_;
};

} // namespace p2pd::io

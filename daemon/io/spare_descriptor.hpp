// A descriptor that is kept for the moment when the process can have no other. It is made without
// opening a file, which the daemon's confinement may forbid. Thread: loop.
#pragma once

#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace p2pd::io {

class SpareDescriptor final {
 public:
  SpareDescriptor() { take(); }
  ~SpareDescriptor() { give_up(); }
  SpareDescriptor(const SpareDescriptor&) = delete;
  SpareDescriptor& operator=(const SpareDescriptor&) = delete;

  bool held() const { return descriptor_ >= 0; } // false: there was none when it was taken
  void take() {
    if (!held()) descriptor_ = ::eventfd(0, EFD_CLOEXEC);
  }
  void give_up() {
    if (held()) ::close(std::exchange(descriptor_, -1));
  }

 private:
  int descriptor_ = -1;
};

} // namespace p2pd::io

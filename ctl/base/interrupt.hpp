// SIGINT, SIGTERM and SIGHUP as a descriptor for poll(), SIGWINCH as another one. While the object
// lives, they do not end the process; signals that were ignored at the start, as by nohup, stay
// ignored. Thread: the one that made it, which must be the only one that receives signals.
#pragma once

#include <csignal>

namespace p2pd::ctl {

class Interrupt final {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  int descriptor() const { return descriptor_; } // -1: not available
  int resized() const { return resized_; }

 private:
  int descriptor_ = -1;
  int resized_ = -1;
  sigset_t before_{};
};

} // namespace p2pd::ctl

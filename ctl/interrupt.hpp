// Ctrl-C as a descriptor that poll() can wait for. While the object lives SIGINT does not end the
// process. Thread: the one that made it, and it must be the only one that takes signals.
#pragma once

#include <csignal>

namespace p2pd::ctl {

class Interrupt final {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  int descriptor() const { return descriptor_; } // -1 where none is to be had

 private:
  int descriptor_ = -1;
  sigset_t before_{};
};

} // namespace p2pd::ctl

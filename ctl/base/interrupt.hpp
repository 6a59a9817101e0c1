// Ctrl-C, kill and the end of the terminal as a descriptor that poll() can wait for; the terminal's
// change of size as another one. While the object lives they do not end the process; those that
// whoever started us has ignored, as nohup does, still do nothing. Thread: the one that made it,
// and it must be the only one that takes signals.
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
  int resized() const { return resized_; }

 private:
  int descriptor_ = -1;
  int resized_ = -1;
  sigset_t before_{};
};

} // namespace p2pd::ctl

// Calls one method whenever a descriptor is readable. Does not own the descriptor, which must be
// closed after this object. Member of the object it calls. Loop thread only.
#pragma once

#include "daemon/io/loop.hpp"

namespace p2pd::io {

class Poll final {
 public:
  Poll(Loop& loop, int descriptor, Bound<void()> readable); // throws std::system_error
  Poll(const Poll&) = delete;
  Poll& operator=(const Poll&) = delete;

 private:
  Owned<uv_poll_t> handle_;
  Bound<void()> readable_;
};

} // namespace p2pd::io

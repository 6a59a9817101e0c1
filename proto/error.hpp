// What decoding throws when bytes from outside are not what the protocol allows. Caught once: in
// the session, or in the control server, which answer it.
#pragma once

#include <stdexcept>

namespace p2pd::proto {

class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

} // namespace p2pd::proto

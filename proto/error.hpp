// Thrown by decoding if received bytes violate the protocol. Caught in one place: the session, or
// the control server.
#pragma once

#include <stdexcept>

namespace p2pd::proto {

class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

} // namespace p2pd::proto

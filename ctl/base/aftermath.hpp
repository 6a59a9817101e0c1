// Thread: any; a value.
#pragma once

#include <string>

namespace p2pd::ctl {

// What is true of the daemon when p2pctl leaves early, and what to do about it.
struct Aftermath {
  std::string message;
  std::string remedy;
};

} // namespace p2pd::ctl

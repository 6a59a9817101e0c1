// Something on the disk that cannot be used for now, though nothing is known against it: what p2pd
// waits for, as status and doctor tell it. Thread: any; a value.
#pragma once

#include <string>

namespace p2pd::library {

struct Trouble {
  std::string path;
  std::string cause; // one line, with what to do

  bool operator==(const Trouble&) const = default;
};

} // namespace p2pd::library

// Something on the disk that is unavailable for now: what p2pd waits for, as status and doctor
// report it. Thread: any; a value.
#pragma once

#include <string>

namespace p2pd::library {

struct Trouble {
  std::string path;
  std::string cause; // one line, with the remedy

  bool operator==(const Trouble&) const = default;
};

} // namespace p2pd::library

// Why a transfer is slow or stuck, in words that a newcomer can act on. Thread: any; values only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace p2pd::transfer {

struct Reason {
  std::string_view kind; // for programs; p2pctl(1) lists them
  std::string cause;
  std::string remedy; // "" where there is nothing to do
};
using Reasons = std::vector<Reason>; // the gravest first

} // namespace p2pd::transfer

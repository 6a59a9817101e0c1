// Environment variables. Thread: any, while nobody sets them.
#pragma once

#include <cstdlib>
#include <string_view>

namespace p2pd::ctl {

inline std::string_view environment(const char* name) { // "": not set
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

} // namespace p2pd::ctl

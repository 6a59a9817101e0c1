// Sizes, rates and durations as users write them in the config and on the command line:
//
//   size       "64 MiB", "50 MB", "1.5 GB", "4096"    bytes; MB is decimal, MiB binary
//   rate       "50 MB/s", "0"                         bytes per second; 0 = no limit
//   duration   "300ms", "30 s", "10 min", "30 d"      "0" needs no unit
//
// The blank before the unit is optional. parse_* throw std::invalid_argument, whose text quotes the
// input and says what would be right; format_* are exact: parsing returns the same value.
// Thread: any; pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace p2pd::proto {

std::uint64_t parse_size(std::string_view text);
std::uint64_t parse_rate(std::string_view text);
std::chrono::milliseconds parse_duration(std::string_view text);

std::string format_size(std::uint64_t bytes);
std::string format_rate(std::uint64_t bytes_per_second);
std::string format_duration(std::chrono::milliseconds duration);

} // namespace p2pd::proto

#include "ctl/render/units.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>
#include <utility>

namespace p2pd::ctl {

namespace {

template <class... Numbers>
std::string printed(const char* format, Numbers... numbers) {
  char text[64];
  std::snprintf(text, sizeof text, format, numbers...);
  return text;
}

constexpr std::array<std::string_view, 7> units{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

double in_unit(std::uint64_t bytes, unsigned unit) {
  return static_cast<double>(bytes) / static_cast<double>(std::uint64_t{1} << (10 * unit));
}

// The largest unit that leaves 1 or more in front, also once it is rounded: never "1024 KiB".
unsigned unit_of(std::uint64_t bytes) {
  unsigned unit = 0;
  while (unit + 1 < units.size() && in_unit(bytes, unit) >= (unit == 0 ? 1024 : 1023.5)) ++unit;
  return unit;
}

// Two neighbouring units, the smaller left out where it is zero: "2 min 5 s", "3 d".
std::string pair_of(std::uint64_t seconds, std::uint64_t large, const char* large_unit,
                    std::uint64_t small, const char* small_unit) {
  const std::uint64_t rest = seconds % large / small;
  std::string text = std::to_string(seconds / large) + ' ' + large_unit;
  if (rest > 0) text += ' ' + std::to_string(rest) + ' ' + small_unit;
  return text;
}

} // namespace

std::string human_size(std::uint64_t bytes) {
  const unsigned unit = unit_of(bytes);
  const double value = in_unit(bytes, unit);
  const bool whole = bytes % (std::uint64_t{1} << (10 * unit)) == 0;
  return printed(whole || value >= 99.95 ? "%.0f " : "%.1f ", value) + std::string(units[unit]);
}

std::string human_part(std::uint64_t bytes, std::uint64_t of_bytes) {
  const unsigned unit = unit_of(of_bytes);
  const double whole = in_unit(of_bytes, unit);
  return printed(unit == 0 || whole >= 99.95 ? "%.0f/%.0f " : "%.1f/%.1f ", in_unit(bytes, unit),
                 whole) +
         std::string(units[unit]);
}

std::string human_rate(std::uint64_t bytes_per_second) {
  return human_size(bytes_per_second) + "/s";
}

std::string human_duration(double seconds) {
  constexpr std::uint64_t minute = 60;
  constexpr std::uint64_t hour = 60 * minute;
  constexpr std::uint64_t day = 24 * hour;
  if (seconds < 9.995) return printed("%.2f s", seconds);
  if (seconds < 59.95) return printed("%.1f s", seconds);
  const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
  if (whole < hour) return pair_of(whole, minute, "min", 1, "s");
  if (whole < day) return pair_of(whole, hour, "h", minute, "min");
  return pair_of(whole, day, "d", hour, "h");
}

std::string human_age(double seconds) {
  constexpr std::pair<double, const char*> steps[]{{86'400, " d"}, {3'600, " h"}, {60, " min"}};
  for (const auto& [step, unit] : steps)
    if (seconds >= step)
      return std::to_string(static_cast<std::uint64_t>(seconds / step)) + unit + " ago";
  // The clocks of two machines may differ a little.
  return std::to_string(static_cast<std::uint64_t>(std::max(seconds, 0.0))) + " s ago";
}

std::string clock_duration(std::uint64_t seconds) {
  const auto minutes = static_cast<unsigned>(seconds / 60 % 60);
  const auto rest = static_cast<unsigned>(seconds % 60);
  if (seconds < 3600) return printed("%u:%02u", minutes, rest);
  return std::to_string(seconds / 3600) + printed(":%02u:%02u", minutes, rest);
}

std::string human_milliseconds(double milliseconds) {
  return printed(milliseconds < 9.995   ? "%.2f ms"
                 : milliseconds < 99.95 ? "%.1f ms"
                                        : "%.0f ms",
                 milliseconds);
}

} // namespace p2pd::ctl

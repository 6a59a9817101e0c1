// Lines of [limits] schedule: which rates apply at which times of the week, in local time. Pure:
// the time is passed in. Thread: any; values only. Units: bytes per second, minutes.
//
//   Mon-Fri 08:00-18:00 upload=5MB/s download=20MB/s between_sites=2MB/s
//
// Days are optional: a list of days, or ranges of them. A span that ends before it begins lasts
// over midnight, and its days are those on which it begins. The first line that matches applies; a
// rate that is not in it is that of the config. When clocks change, their new time counts.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace p2pd::base {

// nullopt: as in the config; 0: no limit.
struct ScheduledRates {
  std::optional<std::uint64_t> upload, download, between_sites;
  bool operator==(const ScheduledRates&) const = default;
};

struct ScheduleLine {
  std::string text;           // as written
  std::array<bool, 7> days{}; // from Sunday on, as in std::tm
  int from = 0;               // of the day
  int to = 0;                 // 24:00 is 1440
  ScheduledRates rates;
  bool operator==(const ScheduleLine&) const = default;
};

// Throws proto::Error, which says what is wrong and how to write it.
ScheduleLine parse_schedule_line(const std::string& text);

struct WallTime {
  int day = 0;    // of the week, from Sunday on
  int minute = 0; // of the day
};
WallTime wall_time(std::chrono::sys_seconds time); // in the zone of this process

// The line that holds; null: none.
const ScheduleLine* in_force(std::span<const ScheduleLine> lines, WallTime now);

// When another line will apply, or none; nothing if that does not change within a week. Looks at up
// to eight days, minute by minute: some milliseconds.
std::optional<std::chrono::sys_seconds> next_change(std::span<const ScheduleLine> lines,
                                                    std::chrono::sys_seconds now);

} // namespace p2pd::base

// Quantities as people read them at a glance: rounded, in the unit that fits. What scripts read is
// the plain number. Units: bytes, bytes per second, seconds. Thread: any; pure.
#pragma once

#include <cstdint>
#include <string>

namespace p2pd::ctl {

// "27.0/60.1 MiB": both in the unit of the whole.
std::string human_part(std::uint64_t bytes, std::uint64_t of_bytes);
std::string human_size(std::uint64_t bytes);            // "512 B", "1.5 GiB"
std::string human_rate(std::uint64_t bytes_per_second); // "12.3 MiB/s"
std::string human_duration(double seconds);             // "0.42 s", "2 min 5 s", "3 d 4 h"
std::string human_age(double seconds);                  // "12 s ago", "3 d ago"
std::string clock_duration(std::uint64_t seconds);      // "0:07", "1:02:03": of steady width
std::string human_milliseconds(double milliseconds);    // "0.42 ms", "120 ms"

} // namespace p2pd::ctl

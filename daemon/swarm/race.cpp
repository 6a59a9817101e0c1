#include "daemon/swarm/race.hpp"

#include <algorithm>

namespace p2pd::swarm {

namespace {

constexpr Duration worth_it = std::chrono::milliseconds(100);
constexpr Duration lost_by = std::chrono::seconds(1);
constexpr Duration confirmed_within = std::chrono::seconds(3);
constexpr Duration confirmed_soon = std::chrono::milliseconds(500); // where the other is fast
constexpr Duration first_pause = std::chrono::seconds(4);
constexpr Duration most_pause = std::chrono::seconds(10);
constexpr unsigned pause_doublings = 2;
constexpr unsigned stalled_doublings = 5; // 320 s

} // namespace

bool overdue(Duration unconfirmed) {
  return unconfirmed >= confirmed_within;
}

Duration least_worth_it(Duration here) {
  return 2 * here + worth_it;
}

// A source that serves many is slow by its rate, though each chunk comes soon once it has begun: so
// of that the chunk's own pace tells as well.
Race judge(const Outstanding& asked, Duration here) {
  if (asked.stalled) return Race::replace;
  const bool quiet = asked.there == Duration::max();
  if (!quiet && asked.there < least_worth_it(here)) return Race::leave;
  if (asked.withdrawn)
    return asked.unconfirmed >= std::clamp(8 * here, confirmed_soon, confirmed_within)
               ? Race::replace
               : Race::leave;
  if (!asked.begun) return Race::withdraw;
  if (quiet) return Race::leave; // what has come of it tells that more will
  const Duration left = std::min(asked.there, asked.pace);
  return left > 8 * here + lost_by ? Race::replace : Race::run;
}

Duration rest_after(unsigned times, bool stalled) {
  if (!stalled) return std::min(first_pause * (1 << std::min(times, pause_doublings)), most_pause);
  return most_pause * (1 << std::min(times, stalled_doublings));
}

Duration rest_of_slow(unsigned times) {
  return rest_after(times, true) / 2;
}

} // namespace p2pd::swarm

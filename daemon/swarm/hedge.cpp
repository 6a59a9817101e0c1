#include "daemon/swarm/hedge.hpp"

#include <algorithm>
#include <utility>

namespace p2pd::swarm {

namespace {

constexpr Duration patience = std::chrono::milliseconds(500); // before another one is asked
constexpr Duration hurry = std::chrono::milliseconds(250);    // then as many again
constexpr Duration soon = std::chrono::milliseconds(500);     // not worth asking another one for
constexpr Duration far = std::chrono::minutes(1);             // what a few trials hardly delay
constexpr Duration trial = std::chrono::seconds(1);
constexpr Duration stuck = std::chrono::seconds(2);    // without a byte, after there were some
constexpr Duration hopeless = std::chrono::seconds(5); // likewise, where others could be asked
constexpr Duration hopeless_fresh = std::chrono::seconds(2); // and never were
constexpr Duration deadline = std::chrono::seconds(30);      // and where nobody else is there
constexpr Duration first_rest = std::chrono::seconds(5);
constexpr unsigned most_rest_doublings = 6; // 320 s
constexpr std::size_t most_at_once = 6;     // of those that send something
constexpr std::size_t most_asked = 64;
constexpr unsigned most_doublings = 6;       // of the patience: 32 s
constexpr unsigned most_doublings_fresh = 2; // 2 s

Duration best_of(std::span<const Asked> asked, Time now) {
  Duration best = Duration::max();
  for (const Asked& one : asked) best = std::min(best, one.remaining(now));
  return best;
}

// As long as nobody sends anything.
std::size_t most_that_wait(std::span<const Asked> asked, Time now) {
  const Duration waited = now - std::ranges::min_element(asked, {}, &Asked::since)->since;
  if (waited < patience) return 1;
  return std::size_t{2} << std::min((waited - patience) / hurry, Duration::rep{8});
}

} // namespace

void Asked::arrived(std::uint64_t bytes, Time now) {
  if (bytes <= received) return;
  if (received == 0) begun = progress;
  received = bytes;
  progress = now;
}

Duration Asked::remaining(Time now) const {
  if (received == 0 || now - progress > stuck) return Duration::max();
  const double share =
      static_cast<double>(size - std::min(size, received)) / static_cast<double>(received);
  return std::chrono::duration_cast<Duration>((now - begun) * share);
}

bool delivers(const Asking& asking, Time now) {
  return best_of(asking.asked, now) != Duration::max();
}

bool silent(const Asked& asked, Time now) {
  return now - asked.progress >= hopeless_fresh;
}

Duration rest_of_silent(unsigned times) {
  return first_rest * (1U << std::min(times, most_rest_doublings));
}

Hedge hedge(const Asking& asking, Time now) {
  if (asking.asked.empty()) return {asking.others ? Hedge::Step::ask : Hedge::Step::wait};
  const Duration best = best_of(asking.asked, now);
  if (best <= soon) return {};
  bool kept = false; // one that is as fast as the best
  for (std::size_t i = 0; i < asking.asked.size(); ++i) {
    const Asked& one = asking.asked[i];
    const Duration left = one.remaining(now);
    if (left == Duration::max()) continue;
    if ((left > best || kept) && now - one.begun >= trial) return {Hedge::Step::drop, i};
    kept = kept || left == best;
  }
  const auto oldest = std::ranges::min_element(asking.asked, {}, &Asked::progress);
  const Hedge drop{Hedge::Step::drop, static_cast<std::size_t>(oldest - asking.asked.begin())};
  if (now - oldest->progress >= deadline) return drop;
  if (!asking.others) return {};
  const bool delivers = best != Duration::max();
  const unsigned most = !asking.fresh ? most_doublings : best > far ? 0 : most_doublings_fresh;
  const unsigned doublings = std::min(2 * asking.trials, most);
  if (delivers && now - asking.last < patience * (1U << doublings)) return {};
  const std::size_t count = asking.asked.size();
  const auto sending =
      std::ranges::count_if(asking.asked, [](const Asked& one) { return one.received > 0; });
  const bool more = delivers || count < most_that_wait(asking.asked, now);
  if (more && std::cmp_less(sending, most_at_once) && count < most_asked) return {Hedge::Step::ask};
  if (now - oldest->progress < (asking.fresh ? hopeless_fresh : hopeless)) return {};
  return drop;
}

} // namespace p2pd::swarm

#include "daemon/swarm/turns.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

namespace p2pd::swarm {

namespace {

constexpr std::uint64_t nobody = std::numeric_limits<std::uint64_t>::max();

std::uint64_t least_without_slot(std::span<const Wish> waiting) {
  std::uint64_t least = nobody;
  for (const Wish& wish : waiting)
    if (wish.ready && !wish.slot) least = std::min(least, wish.clock);
  return least;
}

} // namespace

std::optional<std::size_t> next_turn(std::span<const Wish> waiting, std::size_t free_slots) {
  const std::uint64_t rival = least_without_slot(waiting);
  const auto may = [&](const Wish& wish) {
    if (!wish.ready) return false;
    if (free_slots > 0) return true;
    return wish.slot && (rival == nobody || wish.clock <= rival + most_ahead);
  };
  std::uint64_t first = nobody;
  std::uint64_t last = 0;
  for (const Wish& wish : waiting) {
    if (!may(wish)) continue;
    first = std::min(first, wish.clock);
    last = std::max(last, wish.clock);
  }
  const bool far_apart = first != nobody && last - first > most_ahead;
  std::optional<std::size_t> next;
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    const Wish& wish = waiting[i];
    if (!may(wish) || (far_apart && wish.clock != first)) continue;
    if (!next ||
        std::tie(wish.copies, wish.clock) < std::tie(waiting[*next].copies, waiting[*next].clock))
      next = i;
  }
  return next;
}

std::uint64_t charge(std::uint64_t bytes, std::uint64_t sent, std::uint64_t given) {
  if (sent == 0) return bytes;
  const double share = std::min(1.0, static_cast<double>(given) / static_cast<double>(sent));
  return bytes - static_cast<std::uint64_t>(static_cast<double>(bytes) * share / 2);
}

} // namespace p2pd::swarm

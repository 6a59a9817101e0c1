#include "daemon/swarm/turns.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

namespace p2pd::swarm {

namespace {

constexpr std::uint64_t nobody = std::numeric_limits<std::uint64_t>::max();

// Those that one who makes way would let in.
class Rivals {
 public:
  Rivals(std::span<const Wish> waiting, FreeSlots free) : slow_may_enter_(free.for_slow > 0) {
    for (const Wish& wish : waiting) {
      if (!wish.ready || wish.slot || wish.pace == Pace::stuck) continue;
      std::uint64_t& least = wish.pace == Pace::slow ? slow_ : usual_;
      least = std::min(least, wish.clock);
    }
  }
  bool is_far_behind(const Wish& served) const {
    const bool slow_gains = slow_may_enter_ || served.pace == Pace::slow;
    const std::uint64_t least = slow_gains ? std::min(slow_, usual_) : usual_;
    return least != nobody && served.clock > least + most_ahead;
  }

 private:
  const bool slow_may_enter_;
  std::uint64_t usual_ = nobody;
  std::uint64_t slow_ = nobody;
};

// The fairest among those whom `may` admits.
template <class May>
std::optional<std::size_t> fairest(std::span<const Wish> waiting, May&& may) {
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

} // namespace

FreeSlots free_slots(std::size_t slots, std::size_t busy_usual, std::size_t busy_slow) {
  const std::size_t most_slow = std::max<std::size_t>(slots - slots / 4, 1);
  const std::size_t slow = std::min(busy_slow, most_slow);
  return {slots - std::min(busy_usual + slow, slots), most_slow - slow};
}

std::optional<std::size_t> next_turn(std::span<const Wish> waiting, FreeSlots free) {
  const Rivals rivals(waiting, free);
  const auto may = [&](const Wish& wish) {
    if (!wish.ready || wish.pace == Pace::stuck) return false;
    if (free.all > 0 && (wish.pace == Pace::usual || free.for_slow > 0)) return true;
    return wish.slot && !rivals.is_far_behind(wish);
  };
  const auto next = fairest(waiting, may);
  if (next) return next;
  return fairest(waiting, [](const Wish& wish) { return wish.ready && wish.pace == Pace::stuck; });
}

std::uint64_t charge(std::uint64_t bytes, std::uint64_t sent, std::uint64_t given) {
  if (sent == 0) return bytes;
  const double share = std::min(1.0, static_cast<double>(given) / static_cast<double>(sent));
  return bytes - static_cast<std::uint64_t>(static_cast<double>(bytes) * share / 2);
}

} // namespace p2pd::swarm

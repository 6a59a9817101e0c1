#include "daemon/swarm/copies.hpp"

#include <algorithm>
#include <limits>

namespace p2pd::swarm {

namespace {

constexpr Duration longest_way = std::chrono::seconds(3);
constexpr Duration longest_after = std::chrono::seconds(2);
constexpr Duration sweep_period = std::chrono::seconds(1);
// A bitmap for each 64th part of a content, 16 chunks at least, costs 64 bits a chunk at most.
constexpr std::uint32_t least_news = 16;
constexpr std::uint32_t parts_of_news = 64;

} // namespace

Time Copies::held_until(ChunkIndex chunk) const {
  const auto hold = holds_.find(chunk);
  return hold == holds_.end() ? Time() : hold->second.until;
}

void Copies::begin(ChunkIndex chunk, Time now) {
  std::uint16_t& sent = sent_[number(chunk)];
  firsts_ += sent == 0;
  sent += sent < std::numeric_limits<std::uint16_t>::max();
  if (now - swept_ >= sweep_period) {
    swept_ = now;
    std::erase_if(holds_, [now](const auto& hold) { return hold.second.until <= now; });
  }
  holds_[chunk] = {now, now + longest_way};
}

void Copies::end(ChunkIndex chunk, bool whole, Time now) {
  const auto hold = holds_.find(chunk);
  if (hold == holds_.end() || hold->second.until <= now) return; // it took too long to count
  const Duration after = std::min(2 * (now - hold->second.begun), longest_after);
  hold->second.until = whole ? now + after : now;
}

std::optional<ChunkSet> Copies::news(std::uint32_t& told) const {
  const auto chunks = static_cast<std::uint32_t>(sent_.size());
  if (firsts_ - told < std::max(least_news, chunks / parts_of_news)) return std::nullopt;
  told = firsts_;
  ChunkSet sent(chunks);
  for (std::uint32_t i = 0; i < chunks; ++i)
    if (sent_[i] > 0) sent.add(ChunkIndex{i});
  return sent;
}

void Copies::settle(ChunkIndex chunk, Taker taker) {
  const auto [first, last] = waiting_.equal_range(chunk);
  const auto found =
      std::find_if(first, last, [taker](const auto& each) { return each.second == taker; });
  if (found != last) waiting_.erase(found);
}

} // namespace p2pd::swarm

#include "daemon/net/path.hpp"

#include <algorithm>
#include <array>

namespace p2pd::net {

namespace {

using namespace std::chrono_literals;

// With the shortest timer of Linux, 200 ms, the third repetition is 1.4 s old.
constexpr std::uint32_t repetitions = 3;
// A live host acknowledges a ping at least every ten seconds, or sends its own.
constexpr std::chrono::milliseconds lately = 12s;
// A process that is merely short of processor time answers a ping within this.
constexpr std::chrono::milliseconds silence = 4s;

// With headers of 60 bytes, IPv6 and TCP, the first fills the least MTU of IPv6, 1,280 bytes
// (RFC 8200); the second is what any IPv4 host accepts (RFC 9293).
constexpr std::array sizes{1220, 536};
constexpr std::chrono::hours memory{1};
constexpr std::size_t most_hosts = 1000;

} // namespace

bool sends_into_hole(const io::PathInfo& path) {
  return path.unacked > 0 && path.backoff >= repetitions && path.since_ack < lately;
}

bool receives_through_hole(const io::PathInfo& path, io::Clock::duration owed) {
  return path.unacked == 0 && owed >= silence && path.since_data >= silence;
}

int SegmentSizes::size_for(const std::string& host, io::Time now) const {
  const auto found = hosts_.find(host);
  return found == hosts_.end() || found->second.until <= now ? 0 : found->second.size;
}

bool SegmentSizes::shrink(const std::string& host, io::Time now) {
  std::erase_if(hosts_, [now](const auto& entry) { return entry.second.until <= now; });
  const int now_used = size_for(host, now);
  const auto next = std::ranges::find_if(
      sizes, [now_used](int size) { return now_used == 0 || size < now_used; });
  if (next == sizes.end() || (now_used == 0 && hosts_.size() >= most_hosts)) return false;
  hosts_[host] = {*next, now + memory};
  return true;
}

} // namespace p2pd::net

// How much of the catalog whose peers may fill, in bytes of memory: all together, those of a site,
// of an address, and one. Ids are free, so a bound for an id bounds nothing; addresses are not.
// Pure. Loop thread, as its owner's.
//
// One peer may tell of some 300,000 contents; a machine with several of them, and many behind one
// router, of a million; the catalog holds two. Who is at another site has a quarter of it whatever
// the first one tells.
#pragma once

#include "daemon/net/usefulness.hpp"

#include <string_view>
#include <unordered_map>

namespace p2pd::tracker {

class Quotas final {
 public:
  struct Most {
    std::size_t one = 128 << 20;
    std::size_t address = 512 << 20;
    std::size_t site = 768 << 20;
    std::size_t all = 1024 << 20;
  };

  explicit Quotas(const Most& most) : most_(most) {}

  // Why no more is taken from one who is seen there and has filled so many bytes; "": it is.
  std::string_view refusal(const net::Whence& from, std::size_t own) const {
    if (own >= most_.one) return "this tracker knows as much of this peer as of one there may be";
    if (of(addresses_, from.network) >= most_.address)
      return "this tracker knows as much of the peers at this address as of one there may be";
    if (of(sites_, from.site) >= most_.site)
      return "this tracker knows as much of the peers in this network as of one there may be";
    if (all_ >= most_.all) return "this tracker knows as much as it may";
    return "";
  }

  void changed(const net::Whence& from, std::size_t before, std::size_t now) {
    all_ += now - before;
    add(addresses_, from.network, now - before);
    add(sites_, from.site, now - before);
  }
  std::size_t all() const { return all_; }

 private:
  using Sums = std::unordered_map<std::uint64_t, std::size_t>;
  static std::size_t of(const Sums& sums, std::uint64_t key) {
    const auto sum = sums.find(key);
    return sum == sums.end() ? 0 : sum->second;
  }
  static void add(Sums& sums, std::uint64_t key, std::size_t what) { // which may be below 0
    if ((sums[key] += what) == 0) sums.erase(key);
  }

  Most most_;
  Sums addresses_, sites_;
  std::size_t all_ = 0;
};

} // namespace p2pd::tracker

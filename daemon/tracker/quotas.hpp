// How much of the catalog, in bytes of memory, peers may fill: all together, those of one site, of
// one address, and a single one. Ids cost nothing, so a quota per id alone would limit nothing;
// addresses do. Pure. Loop thread, like its owner.
//
// One peer may announce some 300,000 contents; a machine with several peers, or many behind one
// router, a million; the catalog holds two million. Another site always has a quarter of it left.
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

  // Why no more is accepted from a peer there that has filled so many bytes; "": it is accepted.
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
  static void add(Sums& sums, std::uint64_t key, std::size_t what) { // which may be negative
    if ((sums[key] += what) == 0) sums.erase(key);
  }

  Most most_;
  Sums addresses_, sites_;
  std::size_t all_ = 0;
};

} // namespace p2pd::tracker

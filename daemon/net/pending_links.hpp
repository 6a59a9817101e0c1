// Incoming connections whose hello of a member has not come yet. They are bounded in number, all
// together and per address. When there is one too many, the oldest of the address that has most is
// evicted: a member needs only a moment and has it, while whoever hoards connections loses its own
// first.
//
// An address is what its holder can easily have many ports at: one of IPv4, a /64 network of IPv6.
// Sessions are known by pointer only and never called. Thread: loop.
#pragma once

#include "daemon/io/endpoint.hpp"
#include "daemon/net/refusals.hpp"

#include <list>
#include <map>
#include <optional>
#include <unordered_map>

namespace p2pd::net {

class Session;

class PendingLinks final {
 public:
  static constexpr std::size_t most = 1024;
  static constexpr std::size_t most_of_one = 256;

  void enter(Session& session, const io::Endpoint& from);
  void leave(Session& session); // it is a member, or closed; idempotent

  std::size_t size() const { return places_.size(); }
  // Whom to evict before another enters from there, and why; nothing while there is room.
  struct Surplus {
    Session* session;
    Refusal cause;
  };
  std::optional<Surplus> surplus(const io::Endpoint& from) const;
  // The first to evict for any other reason; null: there is none.
  Session* weakest() const;

 private:
  struct Waiting {
    Session* session;
    std::uint64_t number; // they are counted as they come
  };
  using Line = std::list<Waiting>; // the oldest first
  struct Place {
    std::uint64_t network;
    Line::iterator at;
  };

  std::map<std::uint64_t, Line> lines_; // by address; none is empty
  std::unordered_map<const Session*, Place> places_;
  std::uint64_t entered_ = 0;
};

} // namespace p2pd::net

// The connections that stand at the door: accepted, and no hello of a member has come yet. They are
// bounded in number, all together and from one address. When there is one too many, the oldest of
// the address that has most makes way: a member needs a moment and has it, while who only takes up
// room loses its own first.
//
// An address is what its holder can easily have many ports at: one of IPv4, a /64 network of IPv6.
// It knows sessions by pointer only and calls none. Thread: loop.
#pragma once

#include "daemon/io/endpoint.hpp"
#include "daemon/net/refusals.hpp"

#include <list>
#include <map>
#include <optional>
#include <unordered_map>

namespace p2pd::net {

class Session;

class Door final {
 public:
  static constexpr std::size_t most = 1024;
  static constexpr std::size_t most_of_one = 256;

  void enter(Session& session, const io::Endpoint& from);
  void leave(Session& session); // it is a member, or closed; no harm where it left before

  std::size_t size() const { return places_.size(); }
  // Who is to make way before another enters from there, and why; nothing while there is room.
  struct Surplus {
    Session* session;
    Refusal cause;
  };
  std::optional<Surplus> surplus(const io::Endpoint& from) const;
  // The first to make way for whatever reason; null: nobody is there.
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

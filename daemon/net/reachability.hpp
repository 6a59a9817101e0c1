// Which addresses others can dial, and which of them are told to whom: one set of rules for hello,
// join tokens, what a tracker hands on, and what status and doctor show.
//
// An address reaches as far as its scope (RFC 4007, RFC 3927): a loopback address the same machine,
// a link-local one the same link, any other address, and a name, everybody. It is told only to
// those within that scope, which shows in the address that they themselves are seen at. The zone of
// a link-local IPv6 address ("%eth0") is a name that one machine has for its link, so it is never
// told; whoever dials such an address does so on each link of its own (io::in_own_zones).
//
// Pure functions of values. Thread: any.
#pragma once

#include "daemon/io/endpoint.hpp"
#include "proto/link_messages.hpp"

#include <vector>

namespace p2pd::net {

enum class Scope : std::uint8_t { machine, link, everybody };

// Where a node is to be found.
struct Whereabouts {
  std::vector<io::Endpoint> listening; // with their real ports
  std::vector<io::Endpoint>
      interfaces;                     // of this machine, those that are up; their ports are unused
  std::vector<std::string> advertise; // what the config says instead; empty: nothing
};

Scope scope_of(const io::Endpoint& address);
// Nothing where nobody can dial it, such as "0.0.0.0:7440".
std::optional<Scope> scope_of(std::string_view address);
std::string without_zone(std::string_view address); // "[fe80::1%eth0]:7440" is "[fe80::1]:7440"

// Where connections arrive, in the order of `listening`: an unspecified address stands for those of
// the interfaces of its family. Those that no interface has are left out.
std::vector<io::Endpoint> open_at(const std::vector<io::Endpoint>& listening,
                                  const std::vector<io::Endpoint>& interfaces);
// Those to listen at that are no addresses of this machine, or not yet.
std::vector<io::Endpoint> not_up(const std::vector<io::Endpoint>& listening,
                                 const std::vector<io::Endpoint>& interfaces);
// The port to be dialled at the address that a link begins at, whatever the other end sees instead
// of it; 0: nobody listens there.
std::uint16_t port_for(const std::vector<io::Endpoint>& listening, const io::Endpoint& local);

// What a node says of itself to another, whom it sees at `viewer`.
std::vector<std::string> told_to(const Whereabouts& own, const io::Endpoint& viewer);
// What is handed on, to one who is seen at `viewer`, of a node that is seen at `node`.
bool may_hand_on(std::string_view address, const io::Endpoint& node, const io::Endpoint& viewer);
// The one to show to people: of those that reach furthest the first; "" where there is none.
std::string most_public(const proto::PeerInfo& node);

// For whom nothing is known of, as those who get a join token or read status.
struct Standing {
  std::vector<std::string> addresses; // of the widest scope that there is, the best first
  Scope scope = Scope::everybody;
  // Why there is none for everybody, and what to do; "" where there is one.
  std::string lack;
  std::string remedy;
};
Standing standing(const Whereabouts& own);

} // namespace p2pd::net

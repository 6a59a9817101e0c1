// Which addresses others can dial, and which of them are announced to whom: one set of rules for
// hello, join tokens, what a tracker hands on, and what status and doctor show.
//
// An address is valid within its scope (RFC 4007, RFC 3927): a loopback address on the same
// machine, a link-local one on the same link, any other address or name everywhere. It is announced
// only to nodes within that scope, which follows from the address they are seen at. The zone of a
// link-local IPv6 address ("%eth0") is a machine's own name for a link and never announced; whoever
// dials such an address tries it on each of its links (io::in_own_zones).
//
// Pure functions of values. Thread: any.
#pragma once

#include "daemon/io/endpoint.hpp"
#include "proto/link_messages.hpp"

#include <vector>

namespace p2pd::net {

enum class Scope : std::uint8_t { machine, link, everybody };

// A node's addresses.
struct Whereabouts {
  std::vector<io::Endpoint> listening;  // with their real ports
  std::vector<io::Endpoint> interfaces; // of this machine, if they are up; ports are unused
  std::vector<std::string> advertise;   // from the config, instead of these; empty: not set
};

Scope scope_of(const io::Endpoint& address);
// Nothing if nobody can dial it, such as "0.0.0.0:7440".
std::optional<Scope> scope_of(std::string_view address);
std::string without_zone(std::string_view address); // "[fe80::1%eth0]:7440" is "[fe80::1]:7440"

// The addresses where connections arrive, in the order of `listening`: an unspecified address
// becomes those of all interfaces of its family. Addresses that no interface has are omitted.
std::vector<io::Endpoint> open_at(const std::vector<io::Endpoint>& listening,
                                  const std::vector<io::Endpoint>& interfaces);
// The listening addresses that this machine does not have, or not yet.
std::vector<io::Endpoint> not_up(const std::vector<io::Endpoint>& listening,
                                 const std::vector<io::Endpoint>& interfaces);
// The listening port at the local address of a link, whatever address the other end sees; 0: none.
std::uint16_t port_for(const std::vector<io::Endpoint>& listening, const io::Endpoint& local);

// The addresses that a node announces to another one, which it sees at `viewer`.
std::vector<std::string> told_to(const Whereabouts& own, const io::Endpoint& viewer);
// The addresses of a node seen at `node` that may be passed on to one seen at `viewer`.
bool may_hand_on(std::string_view address, const io::Endpoint& node, const io::Endpoint& viewer);
// The address to show to people: the first of the widest scope; "" if there is none.
std::string most_public(const proto::PeerInfo& node);

// What is announced when the reader is unknown: in join tokens and status.
struct Standing {
  std::vector<std::string> addresses; // of the widest scope available, best first
  Scope scope = Scope::everybody;
  // Why no address is valid everywhere, and the remedy; "" if one is.
  std::string lack;
  std::string remedy;
};
Standing standing(const Whereabouts& own);

} // namespace p2pd::net

// Which node a word means: a whole id, else a node name or an address, else the beginning of an id.
// The first of these rungs on which there is a node decides, and several on it are ambiguous. A
// name by which a node is known already means that node and no other. See "Name resolution"
// in p2pctl(1).
// Thread: any; pure. Errors: a ControlError that names the word, the candidates and the remedy.
#pragma once

#include "proto/control/control_messages.hpp"
#include "proto/tracker_messages.hpp"

#include <span>
#include <variant>

namespace p2pd::lookup {

using proto::ControlError;
using proto::PeerId;

// One that may be meant, as far as it is known.
struct Node {
  std::optional<PeerId> id = std::nullopt;
  std::string name = {};
  std::vector<std::string> addresses = {};
};
Node node_of(const proto::PeerInfo& peer);
Node node_of(const proto::Publisher& publisher);

// How a word fits; the later, the better.
enum class Fit : std::uint8_t { none, beginning, name, id }; // name: or an address
Fit fit_of(const Node& node, std::string_view word);
// `known`: who is known by the word as a name.
Fit fit_of(const Node& node, std::string_view word, const std::optional<PeerId>& known);

// The places of those that are meant, each node once.
std::vector<std::size_t> meant(std::span<const Node> nodes, std::string_view word,
                               const std::optional<PeerId>& known = std::nullopt);

// What to say where it is not one.
struct NodeTerms {
  std::string several = "peers"; // what they are
  std::string told_apart = "id"; // what to name one by
  ControlError none = {};
};
using ChosenNode = std::variant<std::size_t, ControlError>;
ChosenNode choose_node(std::span<const Node> nodes, std::string_view word, NodeTerms terms,
                       const std::optional<PeerId>& known = std::nullopt);

// The failure where nobody who is there is meant: `what` goes on behind "WORD is".
ControlError nobody(std::string_view word, const std::string& what, std::string remedy);

// A word as errors show it, in one line.
std::string quoted(std::string_view word);

} // namespace p2pd::lookup

#include "daemon/lookup/nodes.hpp"

#include "proto/units.hpp"

#include <algorithm>

namespace p2pd::lookup {

namespace {

std::string described(const Node& node) {
  const std::string id = node.id ? to_text(*node.id) : "";
  if (node.name.empty() && !node.addresses.empty())
    return node.addresses.front() + (id.empty() ? "" : " (" + id + ')');
  return proto::printable(node.name) + " (" + id + ')';
}

} // namespace

Node node_of(const proto::PeerInfo& peer) {
  return {peer.id, peer.name, {peer.addresses.begin(), peer.addresses.end()}};
}

Node node_of(const proto::Publisher& publisher) {
  return {publisher.id, publisher.name, {publisher.address}};
}

Fit fit_of(const Node& node, std::string_view word) {
  if (word.empty()) return Fit::none;
  const std::string id = node.id ? to_text(*node.id) : "";
  if (id == word) return Fit::id;
  if (node.name == word ||
      std::find(node.addresses.begin(), node.addresses.end(), word) != node.addresses.end())
    return Fit::name;
  return id.starts_with(word) ? Fit::beginning : Fit::none;
}

Fit fit_of(const Node& node, std::string_view word, const std::optional<PeerId>& known) {
  const Fit fit = fit_of(node, word);
  if (!known || word.empty() || fit == Fit::id) return fit;
  return node.id == *known ? Fit::name : Fit::none;
}

std::vector<std::size_t> meant(std::span<const Node> nodes, std::string_view word,
                               const std::optional<PeerId>& known) {
  std::vector<std::size_t> found;
  Fit best = Fit::none;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Fit fit = fit_of(nodes[i], word, known);
    if (fit == Fit::none || fit < best) continue;
    if (fit > best) found.clear();
    best = fit;
    const bool again = nodes[i].id && std::any_of(found.begin(), found.end(), [&](std::size_t at) {
                         return nodes[at].id == nodes[i].id;
                       });
    if (!again) found.push_back(i);
  }
  return found;
}

ChosenNode choose_node(std::span<const Node> nodes, std::string_view word, NodeTerms terms,
                       const std::optional<PeerId>& known) {
  const std::vector<std::size_t> found = meant(nodes, word, known);
  if (found.size() == 1) return found.front();
  if (!found.empty()) {
    std::string list;
    for (const std::size_t at : found) list += (list.empty() ? "" : ", ") + described(nodes[at]);
    return ControlError{proto::ExitCode::failed,
                        quoted(word) + " is several " + terms.several + ": " + list,
                        "name one by its " + terms.told_apart};
  }
  for (const Node& node : nodes)
    if (known && node.id && node.name == word)
      terms.none.message = quoted(word) + " was first known here as " + to_text(*known) +
                           ", which is not here; " + to_text(*node.id) + " calls itself so as well";
  return terms.none;
}

ControlError nobody(std::string_view word, const std::string& what, std::string remedy) {
  return {proto::ExitCode::not_found, quoted(word) + " is " + what, std::move(remedy)};
}

std::string quoted(std::string_view word) {
  std::string text = proto::printable(word);
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
  return '"' + text + '"';
}

} // namespace p2pd::lookup

#include "ctl/complete/names.hpp"

#include "ctl/render/cells.hpp"

#include <algorithm>
#include <map>

namespace p2pd::ctl {

namespace {

using proto::Value;

// The name; "" if it cannot be typed.
std::string typed_name(const Value& value) {
  const std::string name = text_of(value); // differs if the name is not safe
  return name.starts_with('-') || value != Value::name(name) ? "" : name;
}

std::string help_of(const Value& file) {
  const Value::Array& publishers = list_of(file["publishers"]);
  const std::string size = size_cell(file["size"]).text;
  return publishers.empty() ? size : size + ", from " + text_of(publishers.front()["name"]);
}

// "NAME@PEER"; the id if nobody claims the name, or its publisher cannot be typed.
std::string told_apart(const std::string& name, const Value& file) {
  const Value::Array& publishers = list_of(file["publishers"]);
  const std::string peer = publishers.empty() ? "" : typed_name(publishers.front()["name"]);
  return peer.empty() ? text_of(file["id"]) : name + '@' + peer;
}

// The states that pause, resume and the others apply to; all states for other commands.
std::string_view states_for(std::string_view command) {
  if (command == "pause") return "queued running";
  if (command == "resume") return "paused failed";
  if (command == "cancel") return "queued running paused";
  if (command == "forget") return "done failed";
  if (command == "wait" || command == "why") return "queued running paused failed";
  return "queued running paused failed done";
}

} // namespace

// A large catalog is not read completely if part of it suffices.
Value::Array catalog_about(const std::string& part, const Ask& ask, const Globals& daemon) {
  const bool plain = !part.empty() && part.find_first_of("*?[") == std::string::npos;
  return list_of((plain ? ask(daemon, "search", {{"pattern", Value::name(part)}})
                        : ask(daemon, "files", {}))["files"]);
}

std::vector<Candidate> Names::contents(const std::string& begun) const {
  const bool by_name = begun.find_first_not_of("0123456789abcdef") != std::string::npos &&
                       begun.find('@') == std::string::npos; // else an id or NAME@PEER may be meant
  const Value::Array files = catalog_about(by_name ? begun : "", ask_, daemon_);
  std::map<std::string, std::size_t> contents; // with this name
  for (const Value& file : files) ++contents[typed_name(file["name"])];
  std::vector<Candidate> found;
  for (const Value& file : files) {
    const std::string id = text_of(file["id"]);
    const std::string name = typed_name(file["name"]);
    if (name.empty())
      found.push_back({id, text_of(file["name"])});
    else if (contents[name] > 1)
      found.push_back({told_apart(name, file), help_of(file)});
    else
      found.push_back({name, help_of(file)});
    if (!name.empty() && !begun.empty() && id.starts_with(begun)) found.push_back({id, name});
  }
  return found;
}

std::vector<Candidate> Names::peers(std::string_view command, const std::string& begun) const {
  const std::string_view list = command == "unban" ? "bans" : "peers";
  const Value answer = ask_(daemon_, list, Value());
  const Value::Array& peers = list_of(answer[list]);
  std::map<std::string, std::size_t> bearers;
  for (const Value& peer : peers) ++bearers[typed_name(peer["name"])];
  std::vector<Candidate> found;
  for (const Value& peer : peers) {
    const std::string id = text_of(peer["id"]);
    const std::string name = typed_name(peer["name"]);
    const std::string address = text_of(peer["address"]);
    const bool named = !name.empty() && bearers[name] == 1;
    if (named) found.push_back({name, address});
    if (!named || (!begun.empty() && id.starts_with(begun)))
      found.push_back({id, text_of(peer["name"]) + (address.empty() ? "" : " at " + address)});
  }
  return found;
}

std::vector<Candidate> Names::transfers(std::string_view command) const {
  const Value answer = ask_(daemon_, "transfers", Value());
  std::vector<Candidate> found;
  for (const Value& transfer : list_of(answer["transfers"])) {
    const std::string state = text_of(transfer["state"]);
    if (!state.empty() && states_for(command).find(state) != std::string_view::npos)
      found.push_back({text_of(transfer["id"]), text_of(transfer["name"]) + ", " + state});
  }
  return found;
}

} // namespace p2pd::ctl

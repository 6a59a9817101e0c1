#include "ctl/complete/complete.hpp"

#include "ctl/base/usage.hpp"
#include "ctl/complete/names.hpp"

#include <algorithm>

namespace p2pd::ctl {

namespace {

using proto::Command;
using proto::Kind;
using proto::Parameter;

const Parameter* find_option(const Command* command, std::string_view spelled) {
  const auto is_it = [&](const Parameter& option) {
    return spelled == "--" + std::string(option.name) ||
           (!option.brief.empty() && spelled == option.brief);
  };
  for (const Parameter& option : global_options())
    if (is_it(option)) return &option;
  if (command != nullptr)
    for (const Parameter& option : command->options)
      if (is_it(option)) return &option;
  return nullptr;
}

// The context of the last word of a line. Errors before it are ignored.
struct Place {
  Globals daemon;                    // which daemon to query
  const Command* command = nullptr;  // null: none yet
  std::string half;                  // the first word of a command of two
  std::vector<std::string> taken;    // arguments of the command before it
  const Parameter* option = nullptr; // whose value it is
  bool options_ended = false;        // by "--"

  void pass(const std::string& word) {
    if (option != nullptr)
      take_value(word);
    else if (!options_ended && word.starts_with('-') && word.size() > 1)
      pass_option(word);
    else if (command != nullptr)
      taken.push_back(word);
    else
      pass_command(word);
  }

 private:
  void pass_option(const std::string& word) {
    const std::size_t equals = word.starts_with("--") ? word.find('=') : std::string::npos;
    options_ended = word == "--";
    option = find_option(command, std::string_view(word).substr(0, equals));
    if (option == nullptr) return;
    if (equals != std::string::npos) take_value(word.substr(equals + 1));
    if (option != nullptr && option->kind == Kind::flag) option = nullptr;
  }

  void take_value(const std::string& word) {
    if (option->name == "socket") daemon.socket = word;
    if (option->name == "instance") daemon.instance = word;
    option = nullptr;
  }

  void pass_command(const std::string& word) {
    command = proto::find_command(half.empty() ? word : half + ' ' + word);
    half = word;
  }
};

std::vector<Candidate> commands_of(const Place& place) {
  const std::string start = place.half.empty() ? "" : place.half + ' ';
  std::vector<Candidate> found;
  for (const Command& command : proto::commands())
    for (const std::string_view name : {command.name, command.alias}) {
      if (name.empty() || !name.starts_with(start)) continue;
      std::string word(name.substr(start.size()));
      word.resize(std::min(word.find(' '), word.size()));
      if (found.empty() || found.back().text != word)
        found.push_back({std::move(word), std::string(command.summary)});
    }
  return found;
}

std::vector<Candidate> options_of(const Place& place) {
  std::vector<Candidate> found;
  const auto add = [&](std::span<const Parameter> options) {
    for (const Parameter& option : options)
      found.push_back({"--" + std::string(option.name), std::string(option.help)});
  };
  if (place.command != nullptr) add(place.command->options);
  add(global_options());
  return found;
}

Completions values_of(const Parameter& parameter, const Place& place, const std::string& begun,
                      const Ask& ask) {
  const Names names(ask, place.daemon);
  switch (parameter.kind) {
  case Kind::path:
    return {true, {}};
  case Kind::content:
    return {false, names.contents(begun)};
  case Kind::peer:
    return {false, names.peers(place.command->name, begun)};
  case Kind::transfer:
    return {false, names.transfers(place.command->name)};
  case Kind::command:
    return {false, commands_of({})};
  default:
    break;
  }
  std::vector<Candidate> found;
  for (const std::string_view choice : parameter.choices)
    found.push_back({std::string(choice), ""});
  return {false, std::move(found)};
}

const Parameter* argument_at(const Place& place) {
  const auto arguments = place.command->arguments;
  if (arguments.empty()) return nullptr;
  if (place.taken.size() < arguments.size()) return &arguments[place.taken.size()];
  return arguments.back().each || arguments.back().list ? &arguments.back() : nullptr;
}

Completions all_at(Place& place, std::string& begun, std::string& fixed, const Ask& ask) {
  if (place.option != nullptr) return values_of(*place.option, place, begun, ask);
  if (!place.options_ended && begun.starts_with('-')) {
    const std::size_t equals = begun.find('=');
    if (equals == std::string::npos) return {false, options_of(place)};
    const Parameter* option = find_option(place.command, begun.substr(0, equals));
    if (option == nullptr || option->kind == Kind::flag) return {};
    fixed = begun.substr(0, equals + 1);
    begun.erase(0, equals + 1);
    return values_of(*option, place, begun, ask);
  }
  if (place.command == nullptr) return {false, commands_of(place)};
  const Parameter* argument = argument_at(place);
  return argument == nullptr ? Completions{} : values_of(*argument, place, begun, ask);
}

} // namespace

Completions complete(std::span<const std::string> words, const Ask& ask) {
  if (words.empty()) return {};
  Place place;
  for (const std::string& word : words.first(words.size() - 1)) place.pass(word);
  std::string begun = words.back();
  std::string fixed; // the "--from=" of "--from=na"
  Completions found = all_at(place, begun, fixed, ask);
  std::erase_if(found.candidates, [&](const Candidate& candidate) {
    return !candidate.text.starts_with(begun) ||
           std::ranges::find(place.taken, candidate.text) != place.taken.end();
  });
  for (Candidate& candidate : found.candidates) candidate.text.insert(0, fixed);
  std::ranges::stable_sort(found.candidates, {}, &Candidate::text);
  return found;
}

} // namespace p2pd::ctl

// The types of config_types.hpp that hold paths, addresses or lists.
#include "daemon/base/config_environment.hpp"
#include "daemon/base/config_value.hpp"

#include <algorithm>

namespace p2pd::base {

namespace fs = std::filesystem;

namespace {

// A relative path would mean another folder whenever the daemon is started from another one.
fs::path parse_path(const Value& value, const Environment& environment) {
  std::string text = text_of(value);
  const std::string written = in_quotes(text);
  if (text.empty()) refuse("the path is empty: write an absolute one, such as \"/srv/p2pd\"");
  if (text == "~" || text.starts_with("~/")) {
    if (environment.system)
      refuse("{} needs a user's home, and this is a system service: write an absolute path",
             written);
    if (environment.home.empty()) refuse("{} needs a home folder, and $HOME is not set", written);
    text.replace(0, 1, environment.home.native());
  }
  if (text[0] == '~') refuse("{} names another user's home: write an absolute path", written);
  if (text[0] != '/')
    refuse("{} is a relative path: write it from the root, such as \"/srv/{}\"{}", written,
           proto::printable(text),
           environment.system ? "" : ", or from your home with ~/ before it");
  fs::path path = text;
  return path.has_filename() || path == path.root_path() ? path : path.parent_path();
}

std::string print_path(const fs::path& path) {
  return toml_text(path.native());
}

// For members that need not know those before them.
template <class Parse>
auto each(Parse parse) {
  return [parse](const Value& value, const Environment& environment, const auto&...) {
    return parse(value, environment);
  };
}

std::string parse_glob(const Value& value, const Environment&) {
  const std::string& glob = text_of(value);
  if (glob.empty()) refuse("a glob is empty: write \"*\" to fetch everything");
  if (glob.find('/') != std::string::npos)
    refuse("{} holds a '/', which no name has: write a glob of names, such as \"*.iso\"",
           in_quotes(glob));
  return glob;
}

// What stands behind the last '@' and looks like an id is meant as one.
std::string parse_followed_glob(const Value& value, const Environment& environment) {
  constexpr std::size_t surely_meant = 40;
  const std::string& text = text_of(value);
  const std::size_t at = text.rfind('@');
  if (at == std::string::npos) return parse_glob(value, environment);
  const std::string id = text.substr(at + 1);
  if (!proto::peer_id(id)) {
    if (id.size() >= surely_meant)
      refuse(
          "{} is no peer id: write the 52 letters and digits that \"p2pctl status\" shows on the "
          "publisher",
          in_quotes(id));
    return parse_glob(value, environment);
  }
  return parse_glob({text.substr(0, at), value.where}, environment) + '@' + id;
}

std::string parse_path_glob(const Value& value, const Environment&) {
  const std::string& glob = text_of(value);
  if (glob.empty()) refuse("a glob is empty: write \"*\" to leave out everything");
  return glob;
}

std::string parse_argument(const Value& value, const Environment&, const std::vector<std::string>&,
                           std::size_t index) {
  const std::string& argument = text_of(value);
  if (index == 0 && !argument.starts_with('/'))
    refuse(
        "{} is no absolute path: a hook runs without a shell and without $PATH, write for example "
        "\"/usr/bin/{}\"",
        in_quotes(argument), proto::printable(argument));
  return argument;
}

HostPort parse_listen_member(const Value& value, const Environment&,
                             const std::vector<HostPort>& before, std::size_t) {
  HostPort address = parse_listen_address(text_of(value));
  if (address.port != 0 && std::ranges::find(before, address) != before.end())
    refuse("\"{}\" stands twice in the list: remove one of the two", to_text(address));
  return address;
}

// A zone is a name that one machine has for one of its links.
HostPort parse_advertised(const Value& value, const Environment&) {
  HostPort address = parse_dial_address(text_of(value));
  if (const std::size_t zone = address.host.find('%'); zone != std::string::npos)
    refuse("\"{}\" holds a zone, which means nothing on another machine: leave out \"{}\"",
           to_text(address), address.host.substr(zone));
  return address;
}

TrackerAddress parse_tracker_member(const Value& value, const Environment&) {
  return parse_tracker_address(text_of(value));
}

template <class Address>
std::string print_address(const Address& address) {
  return toml_text(to_text(address));
}

} // namespace

Type path(fs::path Config::*field) {
  return make_type(field, "an absolute path", parse_path, print_path);
}

Type optional_path(fs::path Config::*field) {
  return make_type(
      field, "an absolute path, or \"\"",
      [](const Value& value, const Environment& environment) {
        return text_of(value).empty() ? fs::path() : parse_path(value, environment);
      },
      print_path);
}

Type paths(std::vector<fs::path> Config::*field) {
  return make_list(field, "a list of absolute paths", each(parse_path), print_path);
}

Type followed_globs(std::vector<std::string> Config::*field) {
  return make_list(field, "a list of globs, each with or without @PEERID behind it",
                   each(parse_followed_glob), toml_text);
}

Type path_globs(std::vector<std::string> Config::*field) {
  return make_list(field, "a list of globs", each(parse_path_glob), toml_text);
}

Type schedule(std::vector<ScheduleLine> Config::*field) {
  return make_list(field, "a list of lines \"[DAYS] HH:MM-HH:MM KEY=RATE ...\"",
                   each([](const Value& value, const Environment&) {
                     return parse_schedule_line(text_of(value));
                   }),
                   [](const ScheduleLine& line) { return toml_text(line.text); });
}

Type command(std::vector<std::string> Config::*field) {
  return make_list(field, "a list of a program's absolute path and its arguments", parse_argument,
                   toml_text);
}

Type listen_addresses(std::vector<HostPort> Config::*field) {
  Type type =
      make_list(field, "a list of \"IP:port\"", parse_listen_member, print_address<HostPort>);
  type.read = [read_members = type.read, words = type.words](Config& config, const Value& value,
                                                             const Reading& reading) {
    read_members(config, value, reading);
    const auto* members = std::get_if<std::vector<Value>>(&value.is);
    if (!members || !members->empty()) return;
    reporting(value, reading, words, [] {
      refuse("contains no address: write \"[::]:0\" and \"0.0.0.0:0\" for ports that the system "
             "chooses");
    });
  };
  return type;
}

Type optional_listen_address(std::optional<HostPort> Config::*field) {
  return make_type(
      field, "\"IP:port\", or \"\"",
      [](const Value& value, const Environment&) {
        const std::string& text = text_of(value);
        return text.empty() ? std::optional<HostPort>() : parse_listen_address(text);
      },
      [](const std::optional<HostPort>& address) {
        return toml_text(address ? to_text(*address) : "");
      });
}

Type advertised_addresses(std::vector<HostPort> Config::*field) {
  return make_list(field, "a list of \"host:port\"", each(parse_advertised),
                   print_address<HostPort>);
}

Type tracker_addresses(std::vector<TrackerAddress> Config::*field) {
  return make_list(field, "a list of \"host:port\" or \"PEERID@host:port\"",
                   each(parse_tracker_member), print_address<TrackerAddress>);
}

} // namespace p2pd::base

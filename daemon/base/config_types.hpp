// The types of config keys: each parses a value into a field of Config, checks its range, and
// prints the field as TOML. A factory (`count`, `size`, ...) binds a type to a field, for the table
// in config_table.hpp. Thread: any, once made.
#pragma once

#include "daemon/base/config.hpp"
#include "daemon/base/config_document.hpp"

#include <functional>

namespace p2pd::base {

// What parsing collects; an error in one key does not stop the next.
struct Reading {
  const Environment& environment;
  std::string_view key;     // "[section] name", which begins each message
  std::string_view example; // "name = value", the remedy for a value of the wrong type
  std::vector<Problem>& problems;
};

struct Type {
  std::string words; // the type with its range: "a whole number from 1 to 1000"
  std::function<void(Config&, const Value&, const Reading&)> read;
  std::function<std::string(const Config&)> print; // as TOML
  std::function<void(Config& to, const Config& from)> copy;
  std::function<bool(const Config&, const Config&)> equal;
};

template <class T>
struct Range {
  T least;
  T most;
};
enum class Zero : bool { no, yes }; // whether 0 is allowed below the range, as "none" or "never"

Type role(Role Config::*field);
Type log_level(log::Level Config::*field);
Type flag(bool Config::*field);
Type count(std::uint32_t Config::*field, Range<std::uint32_t> range);
Type size(std::uint64_t Config::*field, Range<std::uint64_t> range, Zero zero = Zero::no);
Type rate(std::uint64_t Config::*field, Range<std::uint64_t> range);
Type duration(std::chrono::milliseconds Config::*field, Range<std::chrono::milliseconds> range,
              Zero zero);
Type node_name(std::string Config::*field);
Type site(std::string Config::*field);
Type group(std::string Config::*field);
Type path(std::filesystem::path Config::*field);
Type optional_path(std::filesystem::path Config::*field);
Type paths(std::vector<std::filesystem::path> Config::*field);
Type followed_globs(std::vector<std::string> Config::*field); // "GLOB" or "GLOB@PEERID"
Type schedule(std::vector<ScheduleLine> Config::*field);
Type path_globs(std::vector<std::string> Config::*field);
Type umask(std::string Config::*field);
Type command(std::vector<std::string> Config::*field);
Type listen_addresses(std::vector<HostPort> Config::*field);
Type optional_listen_address(std::optional<HostPort> Config::*field);
Type advertised_addresses(std::vector<HostPort> Config::*field);
Type tracker_addresses(std::vector<TrackerAddress> Config::*field);

// Both appear on the wire and in PEER and NAME@PEER: short, without blanks and separators.
constexpr std::size_t longest_node_name = 64;
bool is_node_name(std::string_view name);

// The value as a quoted and escaped TOML string.
std::string toml_text(std::string_view text);

} // namespace p2pd::base

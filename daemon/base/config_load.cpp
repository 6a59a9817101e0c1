// From a file to a Config: reads it, matches its settings with the table, and adds what no single
// key can tell. Everything that is wrong is gathered before anything is thrown.
#include "daemon/base/config_environment.hpp"
#include "daemon/base/config_names.hpp"
#include "daemon/base/config_table.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/core.h>
#include <map>
#include <sys/un.h>
#include <unistd.h>

namespace p2pd::base {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t largest_file = 1U << 20;
constexpr std::size_t longest_socket_path = sizeof(sockaddr_un::sun_path) - 1;
const std::string no_file = "(no config file)";

[[noreturn]] void unreadable(const fs::path& file, const std::string& message) {
  throw ConfigError(file.string(), "", {{{}, message}});
}

// Read to its end rather than by its size, so that a pipe will do as well.
std::string read_text(const fs::path& file) {
  const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  std::string text;
  ssize_t count = descriptor < 0 ? -1 : 1;
  while (count > 0 && text.size() <= largest_file) {
    char part[4096];
    count = read(descriptor, part, sizeof part);
    if (count > 0) text.append(part, static_cast<std::size_t>(count));
  }
  const int error = errno;
  if (descriptor >= 0) close(descriptor);
  if (count < 0)
    unreadable(file,
               fmt::format("cannot be read ({}): {}", std::strerror(error),
                           error == ENOENT ? "create it, or name another file with -c"
                                           : "make it a file that the daemon's user may read"));
  if (text.size() > largest_file)
    unreadable(file, "is over 1 MiB: this is no config file, name another with -c");
  return text;
}

class Loader {
 public:
  explicit Loader(const Environment& environment) : environment_(environment) {}

  void take(const Document& document) {
    for (const Setting& setting : document.strays) problems.push_back(stray(setting));
    for (const Section& section : document.sections) take(section);
  }

  void finish() {
    resolve_defaults(config, environment_, problems);
    check_together();
  }

  Config config;
  std::vector<Problem> problems;

 private:
  void take(const Section& section) {
    if (std::ranges::find(config_sections(), section.name, &SectionHelp::name) ==
        config_sections().end())
      return problems.push_back(unknown_section(section));
    for (const Setting& setting : section.settings) {
      const auto key = std::ranges::find_if(config_keys(), [&](const Key& candidate) {
        return candidate.section() == section.name && candidate.name() == setting.name;
      });
      if (key == config_keys().end())
        problems.push_back(unknown_key(section.name, setting));
      else
        take(*key, setting.value);
    }
  }

  void take(const Key& key, const Value& value) {
    const std::string label = fmt::format("[{}] {}", key.section(), key.name());
    const std::string example = fmt::format("{} = {}", key.name(), key.example);
    key.type.read(config, value, {environment_, label, example, problems});
    config.given.emplace(key.full_name);
    places_[key.full_name] = value.where;
  }

  void check_together() {
    if (const std::size_t length = config.control_socket.native().size();
        length > longest_socket_path)
      problems.push_back(
          {place("control.socket"),
           fmt::format("[control] socket: the path is {} bytes long, and a socket's has at "
                       "most {}: write a shorter one",
                       length, longest_socket_path)});
    if (config.http_listen && !is_loopback(*config.http_listen) && !config.behind_tls_proxy)
      problems.push_back(
          {place("http.listen"),
           fmt::format("[http] listen: other machines reach \"{}\", and HTTP has no "
                       "encryption: write \"127.0.0.1:{}\", or set behind_tls_proxy = true "
                       "where a TLS proxy stands before it",
                       to_text(*config.http_listen), config.http_listen->port)});
  }

  Where place(std::string_view key) const {
    const auto found = places_.find(key);
    return found == places_.end() ? Where() : found->second;
  }

  const Environment& environment_;
  std::map<std::string_view, Where> places_;
};

} // namespace

Config load_config(const std::optional<fs::path>& file, const Environment& environment) {
  Loader loader(environment);
  std::string text;
  const std::string file_name = file ? file->string() : no_file;
  if (file) {
    text = read_text(*file);
    try {
      loader.take(parse_document(text));
    } catch (const SyntaxError& error) {
      throw ConfigError(file_name, text, {{error.where, error.what()}});
    }
    loader.config.file = *file;
  }
  loader.finish();
  if (!loader.problems.empty()) throw ConfigError(file_name, text, std::move(loader.problems));
  return std::move(loader.config);
}

} // namespace p2pd::base

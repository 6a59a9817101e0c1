#include "daemon/base/config_types.hpp"

#include "daemon/base/config_environment.hpp"
#include "daemon/base/config_value.hpp"
#include "proto/units.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace p2pd::base {

namespace {

constexpr std::array<std::string_view, 2> role_names = {"peer", "tracker"};
constexpr std::array<std::string_view, 4> level_names = {"error", "warn", "info", "debug"};
static_assert(level_names.size() == static_cast<std::size_t>(log::Level::debug) + 1);
constexpr std::size_t longest_site = 64;

// `"peer" or "tracker"`
std::string alternatives(std::span<const std::string_view> names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : i + 1 < names.size() ? ", " : " or ") + in_quotes(names[i]);
  return text;
}

template <class E>
Type choice(E Config::*field, std::span<const std::string_view> names) {
  return make_type(
      field, alternatives(names),
      [=](const Value& value, const Environment&) {
        const std::string& name = text_of(value);
        const auto found = std::ranges::find(names, name);
        if (found == names.end())
          refuse("{} is not known: write {}", in_quotes(name), alternatives(names));
        return static_cast<E>(found - names.begin());
      },
      [=](E value) { return in_quotes(names[static_cast<std::size_t>(value)]); });
}

// A value that people write as text with a unit; a bare TOML integer reads as that text would.
std::string text_or_number(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value.is)) return std::to_string(*number);
  return text_of(value);
}

template <class T, class Parse, class Format>
Type quantity(T Config::*field, const char* kind, Range<T> range, Zero zero, const char* zero_words,
              Parse parse, Format format) {
  const std::string limits = fmt::format("from {} to {}{}", format(range.least), format(range.most),
                                         zero == Zero::yes ? zero_words : "");
  return make_type(
      field, fmt::format("{} {}", kind, limits),
      [=](const Value& value, const Environment&) {
        const std::string text = text_or_number(value);
        const T parsed = parse(text);
        const bool none = zero == Zero::yes && parsed == T{};
        if (!none && (parsed < range.least || parsed > range.most))
          refuse("{} is out of range: write {} {}", in_quotes(text), kind, limits);
        return parsed;
      },
      [=](T value) { return in_quotes(format(value)); });
}

Type text(std::string Config::*field, std::string words,
          std::function<void(const std::string&)> check) {
  return make_type(
      field, std::move(words),
      [check](const Value& value, const Environment&) {
        check(text_of(value));
        return text_of(value);
      },
      toml_text);
}

} // namespace

std::string_view kind_of(const Value& value) {
  if (const auto* other = std::get_if<Other>(&value.is)) return other->words;
  constexpr std::string_view kinds[] = {"true or false", "a whole number", "a text", "a list"};
  return kinds[value.is.index()];
}

std::string in_quotes(std::string_view text) {
  return '"' + proto::printable(text) + '"';
}

const std::string& text_of(const Value& value) {
  const std::string& text = get<std::string>(value);
  if (text.find('\0') != std::string::npos) refuse("the text holds a NUL byte: remove it");
  return text;
}

std::string_view to_text(Role role) {
  return role_names[static_cast<std::size_t>(role)];
}
std::string_view to_text(log::Level level) {
  return level_names[static_cast<std::size_t>(level)];
}

std::optional<log::Level> log_level(std::string_view name) {
  const auto found = std::ranges::find(level_names, name);
  if (found == level_names.end()) return std::nullopt;
  return static_cast<log::Level>(found - level_names.begin());
}

Type role(Role Config::*field) {
  return choice(field, role_names);
}
Type log_level(log::Level Config::*field) {
  return choice(field, level_names);
}

Type flag(bool Config::*field) {
  return make_type(
      field, "true or false",
      [](const Value& value, const Environment&) { return get<bool>(value); },
      [](bool value) { return std::string(value ? "true" : "false"); });
}

Type count(std::uint32_t Config::*field, Range<std::uint32_t> range) {
  const std::string words = fmt::format("a whole number from {} to {}", range.least, range.most);
  return make_type(
      field, words,
      [=](const Value& value, const Environment&) {
        const std::int64_t number = get<std::int64_t>(value);
        if (number < range.least || number > range.most)
          refuse("{} is out of range: write {}", number, words);
        return static_cast<std::uint32_t>(number);
      },
      [](std::uint32_t value) { return std::to_string(value); });
}

Type size(std::uint64_t Config::*field, Range<std::uint64_t> range, Zero zero) {
  return quantity(
      field, "a size", range, zero, ", or 0 for no limit",
      [](const std::string& text) { return text == "0" ? 0 : proto::parse_size(text); },
      [](std::uint64_t value) { return value == 0 ? "0" : proto::format_size(value); });
}

Type rate(std::uint64_t Config::*field, Range<std::uint64_t> range) {
  return quantity(field, "a rate", range, Zero::yes, ", or 0 for no limit", proto::parse_rate,
                  proto::format_rate);
}

Type duration(std::chrono::milliseconds Config::*field, Range<std::chrono::milliseconds> range,
              Zero zero) {
  return quantity(field, "a time", range, zero, ", or 0 for never", proto::parse_duration,
                  proto::format_duration);
}

bool is_node_name(std::string_view name) {
  const auto separates = [](unsigned char c) {
    return c <= ' ' || c == 0x7f || c == '/' || c == '@' || c == ':';
  };
  return !name.empty() && name.size() <= longest_node_name &&
         std::ranges::none_of(name, separates) && proto::printable(name) == name;
}

Type node_name(std::string Config::*field) {
  return text(
      field, "a text of 1 to 64 bytes without blanks, '/', '@' and ':'",
      [](const std::string& name) {
        if (!is_node_name(name))
          refuse("{} is no node name: write 1 to 64 bytes of text without blanks, '/', '@' and ':'",
                 in_quotes(name));
      });
}

Type site(std::string Config::*field) {
  return text(field, "a text of up to 64 bytes", [](const std::string& site) {
    if (site.size() > longest_site || proto::printable(site) != site)
      refuse("{} is no site: write up to 64 bytes of UTF-8 text", in_quotes(site));
  });
}

Type group(std::string Config::*field) {
  return make_type(
      field, "the name of a group, or \"\"",
      [](const Value& value, const Environment& environment) {
        const std::string& name = text_of(value);
        if (!name.empty() && !environment.group_exists(name))
          refuse("this machine has no group {0}: create it with `groupadd --system {1}`, or name "
                 "another",
                 in_quotes(name), proto::printable(name));
        return name;
      },
      toml_text);
}

// What would keep p2pd itself from what it makes is a mistake.
Type umask(std::string Config::*field) {
  return text(field, "3 octal digits, or \"\"", [](const std::string& mask) {
    const bool octal = mask.size() == 3 && mask.find_first_not_of("01234567") == mask.npos;
    if (!mask.empty() && !octal)
      refuse("{} is no umask: write 3 octal digits, such as \"027\"", in_quotes(mask));
    if (octal && mask.front() != '0')
      refuse("{} takes rights from p2pd itself: write one that begins with 0, such as \"027\"",
             in_quotes(mask));
  });
}

std::string toml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

} // namespace p2pd::base

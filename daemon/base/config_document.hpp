// A TOML file as plain values with their positions, so that only one .cpp includes the TOML
// library. Thread: any; values only.
#pragma once

#include "daemon/base/config_error.hpp"

#include <cstdint>
#include <variant>

namespace p2pd::base {

struct Value;
struct Other { // a type that no key has
  std::string_view words;
};

struct Value {
  std::variant<bool, std::int64_t, std::string, std::vector<Value>, Other> is;
  Where where;
};

struct Setting {
  std::string name;
  Where where; // of the name
  Value value;
};

struct Section {
  std::string name;
  Where where;
  std::vector<Setting> settings;
};

struct Document {
  std::vector<Section> sections;
  std::vector<Setting> strays; // settings outside of all sections
};

// A syntax error of the TOML library, in this project's words. It ends parsing.
class SyntaxError : public std::runtime_error {
 public:
  SyntaxError(Where place, const std::string& message)
      : std::runtime_error(message), where(place) {}
  const Where where;
};

Document parse_document(const std::string& text);

} // namespace p2pd::base

// A TOML file as plain values with their places, so that the TOML library stays in one .cpp.
// Thread: any; values only.
#pragma once

#include "daemon/base/config_error.hpp"

#include <cstdint>
#include <variant>

namespace p2pd::base {

struct Value;
struct Other { // what no key takes
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
  std::vector<Setting> strays; // what stands outside of every section
};

// What the TOML library could not read, in words of this project. It ends the reading.
class SyntaxError : public std::runtime_error {
 public:
  SyntaxError(Where place, const std::string& message)
      : std::runtime_error(message), where(place) {}
  const Where where;
};

Document parse_document(const std::string& text);

} // namespace p2pd::base

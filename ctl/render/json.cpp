#include "ctl/render/json.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <type_traits>

namespace p2pd::ctl {

namespace {

using proto::Value;

nlohmann::ordered_json converted(const Value& value) {
  return value.visit([&value](const auto& held) -> nlohmann::ordered_json {
    using Held = std::decay_t<decltype(held)>;
    if constexpr (std::is_same_v<Held, std::monostate>) {
      return nullptr;
    } else if constexpr (std::is_same_v<Held, std::string> || std::is_same_v<Held, proto::Bytes>) {
      return proto::printable(value.text());
    } else if constexpr (std::is_same_v<Held, Value::Array>) {
      auto array = nlohmann::ordered_json::array();
      for (const Value& element : held) array.push_back(converted(element));
      return array;
    } else if constexpr (std::is_same_v<Held, Value::Object>) {
      auto object = nlohmann::ordered_json::object();
      for (const auto& [key, field] : held) object[proto::printable(key)] = converted(field);
      return object;
    } else {
      return held;
    }
  });
}

// An answer may have 100,000 rows in one field: they are converted one by one, without a second
// tree of all of them.
std::string dumped(const Value& field) {
  return field.visit([&field](const auto& held) {
    if constexpr (!std::is_same_v<std::decay_t<decltype(held)>, Value::Array>) {
      return converted(field).dump();
    } else {
      std::string text;
      for (const Value& row : held) (text += text.empty() ? '[' : ',') += converted(row).dump();
      return text.empty() ? "[]" : text + ']';
    }
  });
}

// JSON does not escape DEL and the control characters U+0080 to U+009F; terminals interpret some.
std::string without_controls(const std::string& json) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    const auto byte = static_cast<unsigned char>(json[i]);
    const auto next = i + 1 < json.size() ? static_cast<unsigned char>(json[i + 1]) : 0U;
    const bool control = byte == 0xc2 && next < 0xa0;
    if (!control && byte != 0x7f) {
      out += json[i];
      continue;
    }
    const unsigned point = control ? next : byte;
    out += "\\u00";
    out += digits[point >> 4];
    out += digits[point & 15];
    if (control) ++i;
  }
  return out;
}

} // namespace

std::string json_line(const Value& object) {
  std::string text;
  for (const auto& [key, field] : object.object()) {
    text += text.empty() ? '{' : ',';
    text += converted(key).dump() + ':' + dumped(field);
  }
  return without_controls(text.empty() ? "{}" : text + '}') + '\n';
}

Value with_schema(Value object) {
  Value::Object fields{{"schema", 1}};
  if (!object.is_null()) std::ranges::move(object.object(), std::back_inserter(fields));
  return fields;
}

} // namespace p2pd::ctl

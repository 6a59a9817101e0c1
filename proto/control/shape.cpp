#include "proto/control/shape.hpp"

#include "proto/error.hpp"
#include "proto/ids.hpp"

#include <algorithm>

namespace p2pd::proto {

namespace {

bool is_time(std::string_view text) {
  constexpr std::string_view pattern = "0000-00-00T00:00:00Z";
  return std::ranges::equal(text, pattern, [](char c, char wanted) {
    return wanted == '0' ? c >= '0' && c <= '9' : c == wanted;
  });
}

// A value of one of the textual types.
bool text_fits(const Field& field, const std::string& text) {
  switch (field.type) {
  case Type::word:
    return std::ranges::find(field.words, text) != field.words.end();
  case Type::time:
    return is_time(text);
  case Type::content_id:
    return content_id(text).has_value();
  case Type::peer_id:
    return peer_id(text).has_value();
  default: // another node may announce anything as its address
    return true;
  }
}

// Throws Error for what does not fit; place() then tells where.
class ShapeCheck {
 public:
  void object(const Record& record, const Value& body) {
    const Value::Object& object = body.object();
    for (const auto& [key, value] : object) {
      const std::size_t outside = enter('.' + key);
      const auto field = std::ranges::find(record.fields, key, &Field::name);
      if (field == record.fields.end()) throw Error("nothing describes it");
      any(*field, value);
      place_.resize(outside);
    }
    for (const Field& field : record.fields) {
      if (!field.only.empty()) continue;
      if (std::ranges::find(object, field.name, &Value::Field::first) != object.end()) continue;
      enter('.' + std::string(field.name));
      throw Error("it is missing");
    }
  }

  std::string_view place() const {
    return std::string_view(place_).substr(place_.starts_with('.') ? 1 : 0);
  }

 private:
  std::size_t enter(const std::string& step) {
    const std::size_t outside = place_.size();
    place_ += step;
    return outside;
  }

  void any(const Field& field, const Value& value) {
    if (value.is_null() && !field.null.empty()) return;
    if (!field.list) return one(field, value);
    const Value::Array& list = value.array();
    for (std::size_t i = 0; i < list.size(); ++i) {
      const std::size_t outside = enter('[' + std::to_string(i) + ']');
      one(field, list[i]);
      place_.resize(outside);
    }
  }

  void one(const Field& field, const Value& value) {
    switch (field.type) {
    case Type::object:
      return object(*field.record, value);
    case Type::boolean:
      value.boolean();
      return;
    case Type::integer:
      value.natural();
      return;
    case Type::number:
      if (value.real() < 0) throw Error("expected a number, 0 or more");
      return;
    default:
      if (!text_fits(field, value.text())) throw Error('"' + value.text() + "\" does not fit");
    }
  }

  std::string place_;
};

} // namespace

std::optional<std::string> misfit(const Record& record, const Value& body) {
  ShapeCheck check;
  try {
    check.object(record, body);
    return std::nullopt;
  } catch (const Error& error) {
    const std::string place(check.place());
    return (place.empty() ? "" : place + ": ") + error.what();
  }
}

} // namespace p2pd::proto

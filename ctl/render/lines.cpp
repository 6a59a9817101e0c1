#include "ctl/render/lines.hpp"

#include "ctl/render/cells.hpp"

#include <algorithm>
#include <cassert>

namespace p2pd::ctl {

namespace {

using proto::Field;
using proto::Record;
using proto::Unit;
using proto::Value;

const Field& field_of(const Record& record, std::string_view key) {
  const auto field = std::ranges::find(record.fields, key, &Field::name);
  assert(field != record.fields.end());
  return *field;
}

std::string plain_field(const Field& field, const Value& value) {
  switch (field.unit) {
  case Unit::bytes:
    return size_cell(value).plain;
  case Unit::bytes_per_second:
    return rate_cell(value).plain;
  case Unit::seconds:
    return duration_cell(value).plain;
  case Unit::none:
  case Unit::milliseconds:
    break;
  }
  return text_of(value);
}

std::string plain_field(const Record& record, std::string_view key, const Value& row) {
  const std::size_t dot = key.find('.');
  const Field& field = field_of(record, key.substr(0, dot));
  const Value& value = row[field.name];
  return dot == key.npos ? plain_field(field, value)
                         : plain_field(*field.record, key.substr(dot + 1), value);
}

} // namespace

const Record& result_of(std::string_view command) {
  const proto::Command* const row = proto::find_command(command);
  assert(row != nullptr);
  return row->result != nullptr ? *row->result : *row->event;
}

const Record& row_of(std::string_view command, std::string_view list) {
  return *field_of(result_of(command), list).record;
}

std::string plain_lines(const Record& record, Keys keys, std::span<const Value> rows) {
  std::string out;
  for (const Value& row : rows) {
    std::string line;
    for (const std::string_view& key : keys)
      line += (&key == keys.begin() ? "" : "\t") + plain_field(record, key, row);
    out += line + '\n';
  }
  return out;
}

} // namespace p2pd::ctl

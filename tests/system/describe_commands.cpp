// Prints what the command table says of results and events, as one JSON object that has a key for
// each command. shapes.py reads it.
#include "proto/control/commands.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace {

using nlohmann::ordered_json;
using p2pd::proto::Command;
using p2pd::proto::Field;
using p2pd::proto::Record;

constexpr const char* types[]{"object", "boolean", "integer",    "number",  "text",
                              "word",   "time",    "content_id", "peer_id", "address"};

ordered_json described(const Record* record) {
  if (record == nullptr) return nullptr;
  ordered_json fields = ordered_json::array();
  for (const Field& field : record->fields)
    fields.push_back({{"name", field.name},
                      {"type", types[static_cast<std::size_t>(field.type)]},
                      {"list", field.list},
                      {"words", field.words},
                      {"null", field.null},
                      {"only", field.only},
                      {"fields", described(field.record)}});
  return fields;
}

} // namespace

int main() {
  ordered_json all;
  for (const Command& command : p2pd::proto::commands())
    all[std::string(command.name)] = {{"result", described(command.result)},
                                      {"event", described(command.event)},
                                      {"together", command.together}};
  std::puts(all.dump().c_str());
}

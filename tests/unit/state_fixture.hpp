// A state database, and what is put into it.
#pragma once

#include "daemon/state/state_store.hpp"
#include "disk_fixture.hpp"

namespace p2pd::state {

using namespace disk; // its fixture, and what a path and a fault are made of

using proto::Bytes;
using proto::view;

template <class Id>
Id id_of(unsigned number) {
  Id id;
  id.bytes.fill(static_cast<std::uint8_t>(number));
  id.bytes[0] = static_cast<std::uint8_t>(number >> 8);
  return id;
}
inline constexpr auto content = id_of<proto::ContentId>;
inline constexpr auto peer = id_of<proto::PeerId>;

class StateStoreTest : public DiskTest {
 protected:
  std::string path() const { return at("state.db"); }

  // What another process would find.
  State reopened() {
    store_ = nullptr;
    store_ = std::make_unique<StateStore>(path());
    return store_->load();
  }
  template <class Change>
  void change(Change change) {
    store_->begin(true);
    change();
    store_->commit();
  }
  static state::TransferRecord transfer(std::uint64_t id, bool over = false) {
    state::TransferRecord record;
    record.id = id;
    record.content = content(static_cast<unsigned>(id));
    record.name = "na\xffme";
    record.destination = "/downloads/";
    record.path = "/downloads/name";
    record.state = over ? 3 : 1;
    record.over = over;
    record.size = 5ULL << 40;
    record.done_bytes = 77;
    record.options = std::string("a\0b", 3);
    record.error = over ? "no space" : "";
    record.hook = over ? "exit 0" : "";
    record.started = 1'700'000'000;
    record.ended = over ? 1'700'000'000 + static_cast<std::int64_t>(id) : 0;
    return record;
  }
  static state::LibraryRecord shared(unsigned number, std::string path, std::string name,
                                     bool claim) {
    return {content(number),
            std::move(path),
            std::move(name),
            claim,
            1000,
            16384,
            number,
            0,
            false,
            {}};
  }

  std::unique_ptr<StateStore> store_ = std::make_unique<StateStore>(path());
};

} // namespace p2pd::state

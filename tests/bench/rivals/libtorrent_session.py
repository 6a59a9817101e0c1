"""A process with one libtorrent session, for rivals/libtorrent.py, "tuned" or with "defaults" by its
argument: it says at which port it listens, then takes orders by stdin, a JSON object a line, and says
"done" when one is carried out:

  {"torrent": PATH, "folder": PATH, "peers": [PORT...]}   have the whole, checked
  {"hash": PATH}                                          hash it as for a new torrent
"""

import json
import os
import sys

import libtorrent

# Its defaults but for what finds peers elsewhere, what is not TCP in the clear, and what would limit
# many peers of one machine.
DEFAULTS = {
    "listen_interfaces": "127.0.0.1:0",
    "enable_dht": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    "enable_incoming_utp": False,
    "enable_outgoing_utp": False,
    "in_enc_policy": libtorrent.enc_policy.disabled,
    "out_enc_policy": libtorrent.enc_policy.disabled,
    "allow_multiple_connections_per_ip": True,
    "unchoke_slots_limit": -1,
    "alert_mask": libtorrent.alert.category_t.status_notification
    | libtorrent.alert.category_t.error_notification,
}

# And what keeps the link full: as in its high_performance_seed(), and more. A folder of small files
# arrived in 0.64 s with that, in 1.11 s without, 512 MiB in 1.1 and 1.3 s.
TUNED = DEFAULTS | {
    "hashing_threads": os.cpu_count(),
    "send_buffer_low_watermark": 1 << 20,
    "send_buffer_watermark": 3 << 20,
    "send_buffer_watermark_factor": 150,  # percent of what is sent in a second
    "send_not_sent_low_watermark": 512 << 10,
    "send_socket_buffer_size": 4 << 20,
    "recv_socket_buffer_size": 4 << 20,
    "max_queued_disk_bytes": 64 << 20,
    "max_out_request_queue": 1500,
    "request_queue_time": 10,  # seconds
}


def have(session, torrent, folder, peers):
    params = libtorrent.add_torrent_params()
    params.ti = libtorrent.torrent_info(torrent)
    params.trackers, params.ti_trackers = [], []
    params.save_path = folder
    params.flags = libtorrent.torrent_flags.update_subscribe
    handle = session.add_torrent(params)
    for port in peers:
        handle.connect_peer(("127.0.0.1", port))
    while True:
        session.wait_for_alert(1000)
        for alert in session.pop_alerts():
            if isinstance(alert, libtorrent.torrent_finished_alert):
                return
            if isinstance(alert, (libtorrent.file_error_alert, libtorrent.torrent_error_alert)):
                sys.exit(f"libtorrent: {alert.message()}")


def hash_pieces(path):
    storage = libtorrent.file_storage()
    libtorrent.add_files(storage, path)
    torrent = libtorrent.create_torrent(storage, 0, libtorrent.create_torrent.v1_only)
    libtorrent.set_piece_hashes(torrent, os.path.dirname(path))
    libtorrent.bencode(torrent.generate())


def main():
    session = libtorrent.session({"tuned": TUNED, "defaults": DEFAULTS}[sys.argv[1]])
    print(session.listen_port(), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        if "hash" in order:
            hash_pieces(order["hash"])
        else:
            have(session, **order)
        print("done", flush=True)


main()

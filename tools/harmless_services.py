"""What services of a small company's network write on days on which nothing bad happens; part of make_harmless_days.py.

A story is (times a day, file, lines); a line is (seconds behind the first, text). In a text {T} is a syslog header without
program, other names in braces are the moment's values (see values()); braces of JSON are doubled.
"""


def lines(*texts, step=1):
    return [(i * step, text) for i, text in enumerate(texts)]


LOGINS = (
    # People who mistype once, and then do not.
    (3, "mail2", lines("{T} dovecot: auth-worker({pid}): conn unix:auth-worker (pid=811,uid=104): auth-worker<7>: sql({box}@example.net,{home},<x{pid}>): Password mismatch",
                       "{T} dovecot: imap-login: Login aborted: Connection closed (auth failed, 1 attempts in 4 secs) (auth_failed): user=<{box}@example.net>, method=PLAIN, rip={home}, lip=192.0.2.10, TLS, session=<x{pid}>",
                       "{T} dovecot: imap-login: Login: user=<{box}@example.net>, method=PLAIN, rip={home}, lip=192.0.2.10, mpid={pid}, TLS, session=<y{pid}>", step=8)),
    (2, "mail2", lines("{T} postfix/submission/smtpd[{pid}]: connect from unknown[{home}]",
                       "{T} postfix/submission/smtpd[{pid}]: warning: unknown[{home}]: SASL PLAIN authentication failed: UGFzc3dvcmQ6, sasl_username={box}",
                       "{T} postfix/submission/smtpd[{pid}]: disconnect from unknown[{home}] ehlo=2 starttls=1 auth=0/1 quit=1 commands=4/5",
                       "{T} postfix/submission/smtpd[{pid}]: connect from unknown[{home}]",
                       "{T} postfix/submission/smtpd[{pid}]: {queue}: client=unknown[{home}], sasl_method=PLAIN, sasl_username={box}@example.net", step=9)),
    (60, "mail2", lines("{T} postfix/submission/smtpd[{pid}]: {queue}: client=unknown[{home}], sasl_method=PLAIN, sasl_username={box}@example.net")),
    (2, "nextcloud", lines('{{"reqId":"{queue}","level":2,"time":"{iso}+00:00","remoteAddr":"{home}","user":"--","app":"core","method":"POST","url":"/login","message":"Login failed: {person} (Remote IP: {home})","userAgent":"Mozilla/5.0","version":"30.0.1.2"}}')),
    (60, "nextcloud", lines('{{"reqId":"{queue}","level":1,"time":"{iso}+00:00","remoteAddr":"{home}","user":"{person}","app":"files","method":"PUT","url":"/remote.php/dav/files/{person}/a.txt","message":"file written","userAgent":"mirall/3.15","version":"30.0.1.2"}}')),
    (2, "gitlab", lines('{{"severity":"INFO","time":"{iso}.120Z","method":"POST","path":"/users/sign_in","format":"html","controller":"SessionsController","action":"create","status":302,"remote_ip":"{home}","username":"{person}"}}')),
    (20, "gitea", lines("{slash} ...eb/routing/logger.go:102:func1() [I] router: completed GET /anna/wine for {home}:0, 200 OK in 12.1ms @ repo/view.go:765(repo.Home)")),
    (1, "gitea", lines("{slash} ...ers/web/auth/auth.go:201:SignInPost() [W] Failed authentication attempt for {person} from {home}:0: user's password is invalid [uid: 4, name: {person}]")),
    (30, "grafana", lines('{T} grafana[733]: logger=context userId=2 orgId=1 uname={person} t={iso}.1Z level=info msg="Request Completed" method=GET path=/api/live/ws status=-1 remote_addr={home} time_ms=1 duration=1.9ms size=0 referer= handler=/api/live/ws')),
    (1, "grafana", lines('{T} grafana[733]: logger=authn.service t={iso}.1Z level=warn msg="Failed to authenticate request" client=auth.client.form error="[password-auth.failed] failed to authenticate identity: [identity.not-found] no user found" remote_addr={home}')),
    (3, "vaultwarden", lines("[{iso_blank}.120][vaultwarden::api::identity][INFO] User {box}@example.net logged in successfully. IP: {home}")),
    (1, "vaultwarden", lines("[{iso_blank}.120][vaultwarden::api::identity][ERROR] Username or password is incorrect. Try again. IP: {home}. Username: {box}@example.net.")),
    (2, "proxmox", lines("{T} pvedaemon[{pid}]: <root@pam> successful auth for user 'root@pam'")),
    (1, "proxmox", lines("{T} pvedaemon[{pid}]: authentication failure; rhost=::ffff:{admin} user=root@pam msg=Authentication failure",
                         "{T} pvedaemon[{pid}]: <root@pam> successful auth for user 'root@pam'", step=9)),
    (4, "keycloak", lines('{iso_blank},120 DEBUG [org.keycloak.events] (executor-thread-9) type="LOGIN", realmId="shop", clientId="account", userId="7b", ipAddress="{home}", auth_method="openid-connect", username="{person}"')),
    (1, "keycloak", lines('{iso_blank},120 WARN  [org.keycloak.events] (executor-thread-9) type="LOGIN_ERROR", realmId="shop", clientId="account", userId="7b", ipAddress="{home}", error="invalid_user_credentials", auth_method="openid-connect", username="{person}"')),
    (4, "authelia", lines('time="{iso}Z" level=info msg="Logged in" method=POST path=/api/firstfactor remote_ip={home}')),
    (1, "authelia", lines("time=\"{iso}Z\" level=error msg=\"Unsuccessful 1FA authentication attempt by user '{person}'\" method=POST path=/api/firstfactor remote_ip={home}")),
    (2, "jellyfin", lines('[{iso_blank}.120 +00:00] [INF] [40] Jellyfin.Server.Implementations.Users.UserManager: Authentication request for "{person}" has succeeded.')),
    (1, "jellyfin", lines('[{iso_blank}.120 +00:00] [INF] [40] Jellyfin.Server.Implementations.Users.UserManager: Authentication request for "{person}" has been denied (IP: "{home}").')),
    (1, "homeassistant", lines("{iso_blank}.120 WARNING (MainThread) [homeassistant.components.http.ban] Login attempt or request with invalid authentication from laptop ({home}). Requested URL: '/auth/login_flow/3f'. (Mozilla/5.0)")),
    (3, "webmin", lines("{T} webmin[{pid}]: Successful login as {person} from {admin}", "{T} webmin[{pid}]: Logout by {person} from {admin}", step=600)),
    (2, "cockpit", lines("{T} cockpit-session[{pid}]: pam_unix(cockpit:session): session opened for user {person}(uid=1001) by (uid=0)",
                         "{T} cockpit-session[{pid}]: pam_unix(cockpit:session): session closed for user {person}", step=900)),
    (2, "auth2", lines("{T} polkitd[700]: Registered Authentication Agent for unix-session:{small} (system bus name :1.{small} [/usr/bin/gnome-shell], object path /org/freedesktop/PolicyKit1/AuthenticationAgent, locale de_DE.UTF-8)",
                       "{T} polkitd[700]: Operator of unix-session:{small} successfully authenticated as unix-user:{person} to gain TEMPORARY authorization for action org.freedesktop.packagekit.system-update for system-bus-name::1.{small} [/usr/bin/gnome-software] (owned by unix-user:{person})",
                       "{T} polkitd[700]: Unregistered Authentication Agent for unix-session:{small} (system bus name :1.{small}, object path /org/freedesktop/PolicyKit1/AuthenticationAgent, locale de_DE.UTF-8) (disconnected from bus)", step=300)),
    (1, "auth2", lines("{T} sudo[{pid}]: pam_unix(sudo:auth): authentication failure; logname={person} uid=1001 euid=0 tty=/dev/pts/0 ruser={person} rhost=  user={person}",
                       "{T} sudo[{pid}]:   {person} : TTY=pts/0 ; PWD=/home/{person} ; USER=root ; COMMAND=/usr/bin/apt-get update", step=6)),
    (1, "auth2", lines("{T} gdm-password][{pid}]: pam_unix(gdm-password:auth): authentication failure; logname= uid=0 euid=0 tty=/dev/tty1 ruser= rhost=  user={person}",
                       "{T} gdm-password][{pid}]: pam_unix(gdm-password:session): session opened for user {person}(uid=1001) by (uid=0)", step=7)),
    (24, "auth2", lines("{T} sshd-session[{pid}]: Connection closed by 192.0.2.5 port {port} [preauth]")),  # a monitor knocks
)

DAEMONS = (
    (250, "named", lines("{T} named[640]: client @0x7f2b10 192.0.2.{small}#{port} (www.example.net): query: www.example.net IN A +E(0)K (192.0.2.10)")),
    (6, "named", lines("{T} named[640]: zone example.net/IN: loaded serial 20260202{small}", "{T} named[640]: client @0x7f2b10 192.0.2.11#{port} (example.net): transfer of 'example.net/IN': AXFR started (serial 2026020201)",
                       "{T} named[640]: client @0x7f2b10 192.0.2.11#{port} (example.net): transfer of 'example.net/IN': AXFR ended: 1 messages, 42 records, 1120 bytes, 0.001 secs (1120000 bytes/sec)")),
    (10, "named", lines("{T} named[640]: lame server resolving 'old.example.org' (in 'example.org'?): 198.51.100.53#53", "{T} named[640]: REFUSED unexpected RCODE resolving 'mx.example.edu/A/IN': 198.51.100.53#53")),
    (60, "dnsmasq", lines("{T} dnsmasq[512]: query[A] www.example.org from 192.0.2.{small}", "{T} dnsmasq[512]: forwarded www.example.org to 192.0.2.1", "{T} dnsmasq[512]: reply www.example.org is 198.51.100.9")),
    (20, "unbound", lines("{T} unbound[644]: [644:0] info: 192.0.2.{small} www.example.org. A IN", "{T} unbound[644]: [644:0] info: server stats for thread 0: 41 queries, 20 answers from cache, 21 recursions, 0 prefetch, 0 rejected by ip ratelimiting")),
    (40, "dhcp", lines("{T} dhcpd[620]: DHCPDISCOVER from 02:00:5e:00:53:{hex} via eno1", "{T} dhcpd[620]: DHCPOFFER on 192.0.2.{small} to 02:00:5e:00:53:{hex} (laptop) via eno1", "{T} dhcpd[620]: DHCPREQUEST for 192.0.2.{small} (192.0.2.1) from 02:00:5e:00:53:{hex} (laptop) via eno1", "{T} dhcpd[620]: DHCPACK on 192.0.2.{small} to 02:00:5e:00:53:{hex} (laptop) via eno1")),
    (10, "ftp", lines('{ctime} [pid {pid}] CONNECT: Client "{home}"', '{ctime} [pid {pid}] [{person}] OK LOGIN: Client "{home}"', '{ctime} [pid {pid}] [{person}] OK UPLOAD: Client "{home}", "/up/a.pdf", 81230 bytes, 900.11Kbyte/sec')),
    (8, "ftp2", lines("{T} proftpd[{pid}]: 192.0.2.10 ({home}[{home}]) - FTP session opened.", "{T} proftpd[{pid}]: 192.0.2.10 ({home}[{home}]) - USER {person}: Login successful.", "{T} proftpd[{pid}]: 192.0.2.10 ({home}[{home}]) - FTP session closed.", step=20)),
    (8, "ftp2", lines("{T} pure-ftpd: (?@{home}) [INFO] New connection from {home}", "{T} pure-ftpd: (?@{home}) [INFO] {person} is now logged in", "{T} pure-ftpd: ({person}@{home}) [NOTICE] /srv/up//a.pdf uploaded  (81230 bytes, 900.12KB/sec)", "{T} pure-ftpd: ({person}@{home}) [INFO] Logout.", step=15)),
    (12, "samba", lines("{T} smbd[{pid}]: pam_unix(samba:session): session opened for user {person}(uid=1001) by (uid=0)", "{T} smbd[{pid}]: pam_unix(samba:session): session closed for user {person}", step=3000)),
    (24, "postgresql", lines("{iso_blank}.120 UTC [{pid}] LOG:  checkpoint starting: time", "{iso_blank}.120 UTC [{pid}] LOG:  checkpoint complete: wrote 42 buffers (0.3%); 0 WAL file(s) added, 0 removed, 0 recycled; write=4.1 s, sync=0.01 s, total=4.2 s", step=4)),
    (6, "postgresql", lines('{iso_blank}.120 UTC [{pid}] shop@shop ERROR:  duplicate key value violates unique constraint "orders_pkey"', "{iso_blank}.120 UTC [{pid}] shop@shop DETAIL:  Key (id)=({pid}) already exists.", step=0)),
    (0.1, "postgresql", lines('{iso_blank}.120 UTC [{pid}] {person}@shop FATAL:  password authentication failed for user "{person}"')),
    (5, "mysql", lines("{iso}.120391Z {small} [Note] [MY-010914] [Server] Aborted connection {small} to db: 'shop' user: 'shop' host: 'localhost' (Got timeout reading communication packets).")),
    (0.1, "mysql", lines("{iso}.120391Z {small} [Note] [MY-010926] [Server] Access denied for user '{person}'@'{admin}' (using password: YES)")),
    (30, "mongodb", lines('{{"t":{{"$date":"{iso}.120+00:00"}},"s":"I",  "c":"NETWORK",  "id":22943,   "ctx":"listener","msg":"Connection accepted","attr":{{"remote":"192.0.2.12:{port}","connectionId":{pid},"connectionCount":4}}}}',
                          '{{"t":{{"$date":"{iso}.320+00:00"}},"s":"I",  "c":"NETWORK",  "id":22944,   "ctx":"conn{pid}","msg":"Connection ended","attr":{{"remote":"192.0.2.12:{port}","connectionId":{pid},"connectionCount":3}}}}', step=3)),
    (24, "redis", lines("{pid}:M {day} {mon} 2026 {clock}.120 * 100 changes in 300 seconds. Saving...", "{pid}:M {day} {mon} 2026 {clock}.150 * Background saving started by pid {pid}", "{pid}:C {day} {mon} 2026 {clock}.190 * DB saved on disk")),
    (20, "asterisk", lines("[{iso_blank}] VERBOSE[{pid}] chan_sip.c: Registered SIP '2{small}' at {home}:5060", "[{iso_blank}] NOTICE[{pid}] chan_sip.c: Peer '2{small}' is now Reachable. (21ms / 2000ms)")),
    (1, "asterisk", lines("[{iso_blank}] NOTICE[{pid}] chan_sip.c: Registration from '<sip:2{small}@192.0.2.10>' failed for '{home}:5060' - Wrong password")),
    (10, "freeswitch", lines("{iso_blank}.120391 99.10% [NOTICE] sofia.c:1054 Registered: 10{small}@192.0.2.10 from {home}")),
    (4, "ejabberd", lines("{iso_blank}.120391+00:00 [info] (tls|<0.612.0>) Accepted c2s SCRAM-SHA-1 authentication for {person}@example.net by mnesia backend from ::ffff:{home}")),
    (12, "openvpn", lines("{T} openvpn[555]: {home}:{port} TLS: Initial packet from [AF_INET]{home}:{port}, sid=1b2c 3d4e", "{T} openvpn[555]: {home}:{port} VERIFY OK: depth=0, CN={person}", "{T} openvpn[555]: {home}:{port} [{person}] Peer Connection Initiated with [AF_INET]{home}:{port}", "{T} openvpn[555]: {person}/{home}:{port} MULTI: Learn: 10.8.0.6 -> {person}/{home}:{port}")),
    (8, "ipsec", lines("{T} charon[577]: 07[IKE] {home} is initiating an IKE_SA", "{T} charon[577]: 07[IKE] IKE_SA road[{small}] established between 192.0.2.10[vpn.example.net]...{home}[{person}]", "{T} charon[577]: 09[IKE] deleting IKE_SA road[{small}] between 192.0.2.10[vpn.example.net]...{home}[{person}]", step=1800)),
    (48, "clamav", lines("{T} clamd[566]: SelfCheck: Database status OK.", "{T} freshclam[567]: daily.cvd database is up-to-date (version: 27540, sigs: 2070000, f-level: 90, builder: raynman)")),
    (60, "mail2", lines("{T} spamd[{pid}]: spamd: clean message (0.2/5.0) for {box}:1001 in 0.9 seconds, 4120 bytes.", "{T} amavis[{pid}]: ({pid}-07) Passed CLEAN {{RelayedInbound}}, [{visitor}]:{port} [{visitor}] <news@example.org> -> <{box}@example.net>, Queue-ID: {queue}, mail_id: x, Hits: -0.1, size: 4120, queued_as: {queue}, 900 ms", "{T} opendkim[568]: {queue}: DKIM verification successful")),
    (12, "mail2", lines("{T} postfix/smtpd[{pid}]: NOQUEUE: reject: RCPT from mx1.example.org[{visitor}]: 450 4.2.0 <{box}@example.net>: Recipient address rejected: Greylisted; from=<news@example.org> to=<{box}@example.net> proto=ESMTP helo=<mx1.example.org>")),
    (6, "mail2", lines("{T} postfix/smtpd[{pid}]: lost connection after EHLO from mx1.example.org[{visitor}]", "{T} postfix/smtp[{pid}]: {queue}: to=<old@example.org>, relay=mx1.example.org[198.51.100.25]:25, delay=2, delays=0.1/0/1/0.9, dsn=5.1.1, status=bounced (host mx1.example.org[198.51.100.25] said: 550 5.1.1 User unknown (in reply to RCPT TO command))")),
    (80, "exim", lines("{iso_blank} 1uXyZ{small}-00{pid}-AB <= news@example.org H=mx1.example.org [{visitor}] P=esmtps X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=no S=4120", "{iso_blank} 1uXyZ{small}-00{pid}-AB => {box} <{box}@example.net> R=local_user T=maildir_home", "{iso_blank} 1uXyZ{small}-00{pid}-AB Completed")),
    (20, "sendmail", lines("{T} sendmail[{pid}]: 52A{small}: from=<news@example.org>, size=4120, class=0, nrcpts=1, msgid=<{queue}@example.org>, proto=ESMTPS, daemon=MTA, relay=mx1.example.org [{visitor}]", "{T} sendmail[{pid}]: 52A{small}: to=<{box}@example.net>, delay=00:00:01, mailer=local, pri=34120, dsn=2.0.0, stat=Sent")),
    (20, "courier", lines("{T} imapd-ssl: Connection, ip=[::ffff:{home}]", "{T} imapd-ssl: LOGIN, user={box}, ip=[::ffff:{home}], port=[{port}], protocol=IMAP", "{T} imapd-ssl: LOGOUT, user={box}, ip=[::ffff:{home}], headers=0, body=0, rcvd=120, sent=1840, time=9", step=3)),
    (15, "cyrus", lines("{T} cyrus/imap[{pid}]: login: [{home}] {box} plaintext+TLS User logged in SESSIONID=<cyrus-{pid}>")),
    (120, "slapd", lines("{T} slapd[580]: conn={pid} fd=12 ACCEPT from IP=192.0.2.12:{port} (IP=0.0.0.0:389)", '{T} slapd[580]: conn={pid} op=0 BIND dn="cn=web,dc=example,dc=net" method=128', '{T} slapd[580]: conn={pid} op=0 BIND dn="cn=web,dc=example,dc=net" mech=SIMPLE ssf=0', "{T} slapd[580]: conn={pid} op=0 RESULT tag=97 err=0 text=", "{T} slapd[580]: conn={pid} op=1 UNBIND", "{T} slapd[580]: conn={pid} fd=12 closed", step=0)),
)

PROXIES = (
    (120, "haproxy", lines('{T} haproxy[590]: {visitor}:{port} [{day}/{mon}/2026:{clock}.120] https~ shop/web1 0/0/1/9/10 200 4120 - - ---- 3/3/0/0/0 0/0 "GET /wine/red HTTP/2.0"')),
    (200, "squid", lines("{epoch}.120    210 192.0.2.{small} TCP_MISS/200 4120 GET http://www.example.org/news - HIER_DIRECT/198.51.100.9 text/html", "{epoch}.420     61 192.0.2.{small} TCP_TUNNEL/200 9120 CONNECT www.example.org:443 - HIER_DIRECT/198.51.100.9 -")),
    (80, "traefik", lines('{{"ClientAddr":"{visitor}:{port}","ClientHost":"{visitor}","ClientPort":"{port}","ClientUsername":"-","DownstreamStatus":200,"Duration":1230000,"RequestHost":"shop.example.net","RequestMethod":"GET","RequestPath":"/wine/red","RequestProtocol":"HTTP/2.0","level":"info","msg":"","time":"{iso}Z"}}')),
    (80, "caddy", lines('{{"level":"info","ts":{epoch}.12,"logger":"http.log.access.log0","msg":"handled request","request":{{"remote_ip":"{visitor}","remote_port":"{port}","client_ip":"{visitor}","proto":"HTTP/2.0","method":"GET","host":"shop.example.net","uri":"/wine/red?sort=price","headers":{{"User-Agent":["Mozilla/5.0"]}}}},"bytes_read":0,"user_id":"","duration":0.01,"size":4120,"status":200}}')),
    (3, "apache-error", lines("[{weekday} {mon} {day} {clock}.120391 2026] [mpm_event:notice] [pid 701:tid 7] AH00489: Apache/2.4.62 (Debian) OpenSSL/3.0.15 configured -- resuming normal operations", "[{weekday} {mon} {day} {clock}.120391 2026] [core:notice] [pid 701:tid 7] AH00094: Command line: '/usr/sbin/apache2'")),
    (2, "apache-error", lines("[{weekday} {mon} {day} {clock}.120391 2026] [auth_basic:error] [pid 702:tid 7] [client {home}:{port}] AH01617: user {person}: authentication failure for \"/intern\": Password Mismatch")),
    (4, "apache-error", lines("[{weekday} {mon} {day} {clock}.120391 2026] [proxy_fcgi:error] [pid 702:tid 7] [client {visitor}:{port}] AH01071: Got error 'PHP message: PHP Warning:  Undefined array key \"page\" in /srv/www/shop/index.php on line 12'")),
    (2, "error", lines('{slash} [error] 812#812: *{pid} user "{person}": password mismatch, client: {home}, server: intern.example.net, request: "GET / HTTP/2.0", host: "intern.example.net"')),
    (3, "error", lines("{slash} [warn] 812#812: *{pid} an upstream response is buffered to a temporary file /var/lib/nginx/proxy/1/00/0000000001 while reading upstream, client: {visitor}, server: shop.example.net, request: \"GET /media/a.webp HTTP/2.0\", upstream: \"http://127.0.0.1:8080/media/a.webp\", host: \"shop.example.net\"")),
    (12, "php-fpm", lines("[{day}-{mon}-2026 {clock}] WARNING: [pool www] child {pid}, script '/srv/www/shop/index.php' (request: \"GET /index.php\") executing too slow (3.1 sec), logging", "[{day}-{mon}-2026 {clock}] NOTICE: child {pid} stopped for tracing")),
    (10, "nagios", lines("[{epoch}] SERVICE ALERT: web1;HTTP;WARNING;SOFT;1;HTTP WARNING: HTTP/1.1 200 OK - 2.1 second response time", "[{epoch}] SERVICE ALERT: web1;HTTP;OK;SOFT;2;HTTP OK: HTTP/1.1 200 OK", step=60)),
    (5, "monit", lines("[{iso_blank}] info     : 'cellar' Monit reloaded")),
)

NETWORK = (
    (150, "firewall", lines("{T} kernel: [{pid}.120391] [UFW BLOCK] IN=eno1 OUT= MAC=01:00:5e:00:00:fb:02:00:5e:00:53:{hex}:08:00 SRC=192.0.2.{small} DST=224.0.0.251 LEN=32 TOS=0x00 PREC=0x00 TTL=1 ID=0 DF PROTO=2")),
    (120, "firewall", lines("{T} kernel: [{pid}.120391] [UFW BLOCK] IN=eno1 OUT= MAC=02:00:5e:00:53:01:02:00:5e:00:53:02:08:00 SRC={visitor4} DST=192.0.2.10 LEN=40 TOS=0x00 PREC=0x00 TTL=244 ID={pid} PROTO=TCP SPT={port} DPT={small} WINDOW=1024 RES=0x00 SYN URGP=0")),
    (60, "asa", lines("{T} fw1 : %ASA-6-302013: Built inbound TCP connection {pid} for outside:{visitor4}/{port} ({visitor4}/{port}) to dmz:192.0.2.10/443 (192.0.2.10/443)", "{T} fw1 : %ASA-6-302014: Teardown TCP connection {pid} for outside:{visitor4}/{port} to dmz:192.0.2.10/443 duration 0:00:09 bytes 4120 TCP FINs", "{T} fw1 : %ASA-4-106023: Deny tcp src outside:{visitor4}/{port} dst dmz:192.0.2.10/23 by access-group \"outside_in\" [0x0, 0x0]", step=9)),
    (4, "ios", lines("{T} sw1 {small}: %LINK-3-UPDOWN: Interface GigabitEthernet0/{small}, changed state to up", "{T} sw1 {small}: %LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet0/{small}, changed state to up")),
    (1, "ios", lines("{T} sw1 {small}: %SYS-5-CONFIG_I: Configured from console by {person} on vty0 ({admin})")),
    (12, "routeros", lines("{T} router dhcp,info dhcp1 assigned 192.0.2.{small} for 02:00:5E:00:53:{hex} laptop", "{T} router system,info,account user {person} logged in from {admin} via winbox", step=9)),
    (120, "suricata", lines('{{"timestamp":"{iso}.120391+0000","flow_id":{pid}1,"in_iface":"eno1","event_type":"dns","src_ip":"192.0.2.{small}","src_port":{port},"dest_ip":"192.0.2.1","dest_port":53,"proto":"UDP","dns":{{"type":"query","id":7,"rrname":"www.example.org","rrtype":"A"}}}}',
                            '{{"timestamp":"{iso}.220391+0000","flow_id":{pid}2,"in_iface":"eno1","event_type":"flow","src_ip":"192.0.2.{small}","src_port":{port},"dest_ip":"198.51.100.9","dest_port":443,"proto":"TCP","flow":{{"pkts_toserver":12,"pkts_toclient":14,"state":"closed"}}}}')),
)

MACHINES = (
    (80, "audit", lines("type=USER_ACCT msg=audit({epoch}.120:{pid}): pid={pid} uid=0 auid=1001 ses=3 msg='op=PAM:accounting grantors=pam_unix acct=\"{person}\" exe=\"/usr/sbin/sshd\" hostname={home} addr={home} terminal=ssh res=success'", "type=SERVICE_START msg=audit({epoch}.220:{pid}): pid=1 uid=0 auid=4294967295 ses=4294967295 msg='unit=fstrim comm=\"systemd\" exe=\"/usr/lib/systemd/systemd\" hostname=? addr=? terminal=? res=success'",
                        "type=CRED_DISP msg=audit({epoch}.320:{pid}): pid={pid} uid=0 auid=1001 ses=3 msg='op=PAM:setcred grantors=pam_unix acct=\"{person}\" exe=\"/usr/sbin/sshd\" hostname={home} addr={home} terminal=ssh res=success'")),
    (90, "windows", lines("{winlog} WinEvtLog: Security: AUDIT_SUCCESS(4624): Microsoft-Windows-Security-Auditing: {person}: CORP: pc{small}.corp.example.net: An account was successfully logged on. Subject:  Security ID:  S-1-5-18  Account Name:  PC{small}$  Account Domain:  CORP  Logon ID:  0x3E7  Logon Type:   2  New Logon:  Security ID:  S-1-5-21-1-2-3-1104  Account Name:  {person}  Account Domain:  CORP  Logon ID:  0x{queue}  Network Information:  Workstation Name: PC{small}  Source Network Address: 127.0.0.1  Source Port:  0",
                          "{winlog} WinEvtLog: Security: AUDIT_SUCCESS(4634): Microsoft-Windows-Security-Auditing: {person}: CORP: pc{small}.corp.example.net: An account was logged off. Subject:  Security ID:  S-1-5-21-1-2-3-1104  Account Name:  {person}  Account Domain:  CORP  Logon ID:  0x{queue}  Logon Type:   2", step=900)),
    (60, "windows", lines("{winlog} WinEvtLog: System: INFORMATION(7036): Service Control Manager: (no user): no domain: pc{small}.corp.example.net: The Windows Update service entered the running state.",
                          "{winlog} WinEvtLog: Security: AUDIT_SUCCESS(4688): Microsoft-Windows-Security-Auditing: (no user): no domain: pc{small}.corp.example.net: A new process has been created. Creator Subject:  Security ID:  S-1-5-18  Account Name:  PC{small}$  Process Information:  New Process ID:  0x1a2b  New Process Name: C:\\Windows\\System32\\svchost.exe  Token Elevation Type: %%1936  Creator Process Name: C:\\Windows\\System32\\services.exe")),
    (3, "windows", lines("{winlog} WinEvtLog: Security: AUDIT_FAILURE(4625): Microsoft-Windows-Security-Auditing: (no user): no domain: pc{small}.corp.example.net: An account failed to log on. Subject:  Security ID:  S-1-5-18  Account Name:  PC{small}$  Account Domain:  CORP  Logon ID:  0x3E7  Logon Type:   2  Account For Which Logon Failed:  Security ID:  S-1-0-0  Account Name:  {person}  Account Domain:  CORP  Failure Information:  Failure Reason:  Unknown user name or bad password.  Status:   0xC000006D  Sub Status:  0xC000006A  Network Information:  Workstation Name: PC{small}  Source Network Address: 127.0.0.1  Source Port:  0")),
    (60, "system2", lines("{T} containerd[801]: time=\"{iso}.120391Z\" level=info msg=\"shim disconnected\" id={queue} namespace=moby", "{T} dockerd[802]: time=\"{iso}.130391Z\" level=info msg=\"ignoring event\" container={queue} module=libcontainerd namespace=moby topic=/tasks/delete type=\"*events.TaskDelete\"", "{T} kernel: [{pid}.120391] br-1: port 1(veth{hex}) entered disabled state")),
    (40, "system2", lines("{T} NetworkManager[600]: <info>  [{epoch}.1203] dhcp4 (wlp1s0): state changed new lease, address=192.0.2.{small}", "{T} systemd-resolved[601]: Clock change detected. Flushing caches.", "{T} kubelet[803]: I0202 {clock}.120391     803 kubelet.go:2421] \"SyncLoop (PLEG): event for pod\" pod=\"default/web-{small}\"")),
    (0.1, "system2", lines("{T} kernel: [{pid}.120391] usb 1-2: new high-speed USB device number {small} using xhci_hcd", "{T} kernel: [{pid}.320391] usb-storage 1-2:1.0: USB Mass Storage device detected", "{T} kernel: [{pid}.420391] sd 6:0:0:0: [sdb] Attached SCSI removable disk")),
    (20, "system2", lines("{T} rsyslogd: [origin software=\"rsyslogd\" swVersion=\"8.2302.0\" x-pid=\"604\" x-info=\"https://www.rsyslog.com\"] rsyslogd was HUPed", "{T} ntpd[605]: kernel reports TIME_ERROR: 0x41: Clock Unsynchronized", "{T} cupsd[606]: Job {small} completed.", "{T} fwupd[607]: 09:11:02:0412 FuEngine             Using plugins: uefi_capsule")),
    (2, "fail2ban", lines("{iso_blank},120 fail2ban.server         [609]: INFO    rollover performed on /var/log/fail2ban.log", "{iso_blank},130 fail2ban.filter         [609]: INFO    [sshd] Found {home} - {iso_blank}")),
)

STORIES = LOGINS + DAEMONS + PROXIES + NETWORK + MACHINES


def values(days, t):
    """What the braces of a story stand for; the same for all its lines, save the time."""
    pid, small = days.next_pid(), days.number(2, 60)
    person, home = days.pick((("anna", "192.0.2.21"), ("ben", "192.0.2.22"), ("carla", "198.51.100.40")))
    visitor = days.visitor()
    return {"pid": pid, "small": small, "person": person, "home": home, "admin": "192.0.2.22", "box": days.pick(("info", "orders", "office")),
            "visitor": visitor, "visitor4": f"203.0.113.{days.number(64, 250)}", "port": days.number(30000, 60000), "hex": f"{days.number(16, 255):02x}",
            "queue": f"{days.number(1 << 36, 1 << 40):X}"}


def times_of(days, t, months, weekdays):
    month, day, year = days.date(t)
    clock, name = days.clock(t), months[month]
    date = f"{year}-{month + 1:02}-{day:02}"
    weekday = weekdays[(days.today + int(t // 86400)) % 7]
    epoch = 1769990400 + days.today * 86400 + int(t)  # 2 February 2026
    return {"T": f"{name} {day:2} {clock} cellar", "clock": clock, "mon": name, "day": f"{day:02}", "weekday": weekday, "iso": f"{date}T{clock}", "iso_blank": f"{date} {clock}",
            "slash": f"{date.replace('-', '/')} {clock}", "ctime": f"{weekday} {name} {day:2} {clock} {year}", "epoch": epoch, "winlog": f"{year} {name} {day:02} {clock}"}


def put_day(days, months, weekdays):
    for count, name, story in STORIES:
        # Less than once a day: on some days.
        for t in days.by_day(count if count >= 1 else int(days.chance(count))):
            known = values(days, t)
            for behind, text in story:
                days.put(name, t + behind, text.format(**known, **times_of(days, t + behind, months, weekdays)))

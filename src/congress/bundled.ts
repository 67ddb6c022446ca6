import type { SenatorTable } from './congress.js'
import { parseTable } from './table-text.js'

// Written by scripts/refresh-senators.mjs. The source and its licence: SOURCES.md.
// state|rank|class|bioguide|name|first|last|party/caucus|phone|term end|city ZIP phone; ...
const TABLE = `as of|2026-06-15
source|unitedstates/congress-legislators
AK|senior|3|M001153|Lisa Murkowski|Lisa|Murkowski|Republican|202-224-6665|2029-01-03|Anchorage 99501 907-271-3735; Juneau 99801 907-586-7277; Ketchikan 99901 907-225-6880; Soldotna 99669 907-262-4220; Wasilla 99654 907-376-7665; Fairbanks 99701 907-456-0233
AK|junior|2|S001198|Dan Sullivan|Dan|Sullivan|Republican|202-224-3004|2027-01-03|Anchorage 99501 907-271-5915; Fairbanks 99701 907-456-0261; Juneau 99801 907-205-3767; Ketchikan 99901 907-225-6880; Soldotna 99669 907-262-4040; Wasilla 99654 907-357-9956
AL|senior|2|T000278|Tommy Tuberville|Tommy|Tuberville|Republican|202-224-4124|2027-01-03|Mobile 36608 251-308-7233; Huntsville 35805 256-692-7500; Birmingham 35244 205-760-7307; Montgomery 36104 334-523-7424; Dothan 36303 334-547-7441
AL|junior|3|B001319|Katie Boyd Britt|Katie|Britt|Republican|202-224-5744|2029-01-03|Birmingham 35203 205-731-1384; Tuscaloosa 35401 659-251-2880; Huntsville 35801 256-429-3450; Montgomery 36104 334-777-1150; Dothan 36303 334-500-4097; Mobile 36602 251-662-9990
AR|senior|3|B001236|John Boozman|John|Boozman|Republican|202-224-4843|2029-01-03|El Dorado 71730 870-863-4641; Fort Smith 72901 479-573-0189; Jonesboro 72401 870-268-6925; Little Rock 72201 501-372-7153; Lowell 72745 479-725-0400; Mountain Home 72653 870-424-0129; Stuttgart 72160 870-672-6941
AR|junior|2|C001095|Tom Cotton|Tom|Cotton|Republican|202-224-2353|2027-01-03|El Dorado 71730 870-864-8582; Jonesboro 72401 870-933-6223; Little Rock 72201 501-223-9081; Rogers 72758 479-751-0879
AZ|senior|3|K000377|Mark Kelly|Mark|Kelly|Democrat|202-224-2235|2029-01-03|Phoenix 85016 602-671-7901; Tucson 85701 520-475-5177
AZ|junior|1|G000574|Ruben Gallego|Ruben|Gallego|Democrat|202-224-4521|2031-01-03|Phoenix 85018 480-697-3600; Tucson 85701 520-777-0400
CA|senior|3|P000145|Alex Padilla|Alejandro|Padilla|Democrat|202-224-3553|2029-01-03|Fresno 93721 559-497-5109; San Francisco 94104 415-981-9369; Sacramento 95814 916-448-2787; San Diego 92101 619-239-3884; Los Angeles 90012 310-231-4494
CA|junior|1|S001150|Adam B. Schiff|Adam|Schiff|Democrat|202-224-3841|2031-01-03|San Francisco 94104 415-393-0707; Fresno 93721 559-485-7430; San Diego 92101 619-231-9712
CO|senior|3|B001267|Michael F. Bennet|Michael|Bennet|Democrat|202-224-5852|2029-01-03|Colorado Springs 80903 719-328-1100; Denver 80204 303-455-7600; Fort Collins 80524 970-224-2200; Grand Junction 81501 970-241-6631; Pueblo 81003 719-542-7550; Alamosa 81101 719-587-0096; Durango 81301 970-259-1710
CO|junior|2|H000273|John W. Hickenlooper|John|Hickenlooper|Democrat|202-224-5941|2027-01-03|Denver 80294 303-244-1628; Colorado Springs 80903 719-632-6706; Grand Junction 81501 970-822-4530; Durango 81301 970-880-7236; Greeley 80631 970-352-5546; Fort Collins 80524 970-484-3502; Glenwood Springs 81601 970-989-7075
CT|senior|3|B001277|Richard Blumenthal|Richard|Blumenthal|Democrat|202-224-2823|2029-01-03|Bridgeport 06604 203-330-0598; Hartford 06103 860-258-6940
CT|junior|1|M001169|Christopher Murphy|Christopher|Murphy|Democrat|202-224-4041|2031-01-03|Hartford 06106 860-549-8463
DE|senior|2|C001088|Christopher A. Coons|Christopher|Coons|Democrat|202-224-5042|2027-01-03|Wilmington 19801 302-573-6345; Dover 19901 302-736-5601
DE|junior|1|B001303|Lisa Blunt Rochester|Lisa|Blunt Rochester|Democrat|202-224-2441|2031-01-03|Georgetown 19947 302-856-7690; Dover 19901 302-674-3308
FL|senior|1|S001217|Rick Scott|Rick|Scott|Republican|202-224-5274|2031-01-03|Pensacola 32502 850-760-5151; Jacksonville 32202 904-479-7227; Orlando 32801 407-872-7161; Tampa 33602 813-225-7040; Kissimmee 34741 407-586-7879; West Palm Beach 33401 561-514-0189; Naples 34112 239-231-7890; Miami 33134 786-501-7141; Tallahassee 32301 850-942-8415
FL|junior|3|M001244|Ashley Moody|Ashley|Moody|Republican|202-224-3041|2026-11-03 special|Tallahassee 32399 850-599-9100; Palm Beach Gardens 33418 561-775-3360; Jacksonville 32202 904-354-4300; Miami 33156 305-596-4224; Orlando 32801 407-254-2573; Fort Myers 33901 239-318-6464
GA|senior|2|O000174|Jon Ossoff|Jon|Ossoff|Democrat|202-224-3521|2027-01-03|Atlanta 30363 470-786-7800; Augusta 30901 706-261-5031; Savannah 31405 912-200-9402; Columbus 31901 706-780-7053
GA|junior|3|W000790|Raphael G. Warnock|Raphael|Warnock|Democrat|202-224-3643|2029-01-03|Atlanta 30363 770-694-7828
HI|senior|3|S001194|Brian Schatz|Brian|Schatz|Democrat|202-224-3934|2029-01-03|Honolulu 96850 808-523-2061
HI|junior|1|H001042|Mazie K. Hirono|Mazie|Hirono|Democrat|202-224-6361|2031-01-03|Honolulu 96850 808-522-8970
IA|senior|3|G000386|Chuck Grassley|Charles|Grassley|Republican|202-224-3744|2029-01-03|Davenport 52801 563-322-4331; Des Moines 50309 515-288-1145; Sioux City 51101 712-233-1860; Waterloo 50701 319-232-6657; Council Bluffs 51501 712-322-7103; Cedar Rapids 52401 319-363-6832
IA|junior|2|E000295|Joni Ernst|Joni|Ernst|Republican|202-224-3254|2027-01-03|Cedar Rapids 52401 319-365-4504; Davenport 52801 563-322-0677; Des Moines 50309 515-284-4574; Sioux City 51101 712-252-1550; Council Bluffs 51501 712-352-1167
ID|senior|3|C000880|Mike Crapo|Michael|Crapo|Republican|202-224-6142|2029-01-03|Boise 83702 208-334-1776; Idaho Falls 83402 208-522-9779; Lewiston 83501 208-743-1492; Pocatello 83201 208-236-6775; Twin Falls 83301 208-734-2515; Coeur d'Alene 83814 208-664-5490
ID|junior|2|R000584|James E. Risch|James|Risch|Republican|202-224-2752|2027-01-03|Boise 83702 208-342-7985; Coeur d'Alene 83814 208-667-6130; Idaho Falls 83402 208-523-5541; Lewiston 83501 208-743-0792; Twin Falls 83301 208-734-6780; Pocatello 83201 208-236-6817
IL|senior|2|D000563|Richard J. Durbin|Richard|Durbin|Democrat|202-224-2152|2027-01-03|Carbondale 62901 618-351-1122; Chicago 60604 312-353-4952; Rock Island 61201 309-786-5173; Springfield 62703 217-492-4062
IL|junior|3|D000622|Tammy Duckworth|Tammy|Duckworth|Democrat|202-224-2854|2029-01-03|Belleville 62220 618-722-7070; Carbondale 62901 618-677-7000; Chicago 60604 312-886-3506; Rock Island 61201 309-606-7060; Springfield 62701 217-528-6124
IN|senior|3|Y000064|Todd Young|Todd|Young|Republican|202-224-5623|2029-01-03|New Albany 47150 812-542-4820; Indianapolis 46240 317-226-6700; Valparaiso 46383 219-747-7780
IN|junior|1|B001299|Jim Banks|Jim|Banks|Republican|202-224-4814|2031-01-03|Fort Wayne 46802 260-321-7130
KS|senior|3|M000934|Jerry Moran|Jerry|Moran|Republican|202-224-6521|2029-01-03|Hays 67601 785-628-6401; Olathe 66061 913-393-0711; Pittsburg 66762 620-232-2286; Wichita 67202 316-269-9259; Manhattan 66502 785-539-8973; Garden City 67846 620-260-3025
KS|junior|2|M001198|Roger Marshall|Roger|Marshall|Republican|202-224-4774|2027-01-03|Kansas City 66101 913-549-1570; Overland Park 66209 913-879-7070; Topeka 66612 785-414-7501; Pittsburg 66762 620-404-7016; Wichita 67202 316-803-6120; Salina 67401 785-829-9000; Garden City 67846 620-765-7800
KY|senior|2|M000355|Mitch McConnell|Mitch|McConnell|Republican|202-224-2541|2027-01-03|Bowling Green 42101 270-781-1673; Fort Wright 41011 859-578-0188; Lexington 40503 859-224-8286; London 40741 606-864-2026; Louisville 40202 502-582-6304; Paducah 42001 270-442-4554
KY|junior|3|P000603|Rand Paul|Rand|Paul|Republican|202-224-4343|2029-01-03|Bowling Green 42103 270-782-8303
LA|senior|2|C001075|Bill Cassidy|Bill|Cassidy|Republican|202-224-5824|2027-01-03|Lafayette 70508 337-261-1400; Metairie 70002 504-838-0130; Monroe 70201 318-324-2111; Lake Charles 70601 337-602-7253; Baton Rouge 70801 225-929-7711; Shreveport 71101 318-798-3215; Alexandria 71303 318-448-7176
LA|junior|3|K000393|John Kennedy|John|Kennedy|Republican|202-224-4623|2029-01-03|Alexandria 71303 318-445-2892; Baton Rouge 70809 225-926-8033; Houma 70360 985-851-0956; Mandeville 70471 985-809-8153; Monroe 71201 318-361-1489; New Orleans 70113 504-581-6190; Shreveport 71101 318-670-5192; Lafayette 70503 337-269-5980; Lake Charles 70605 337-573-6800
MA|senior|1|W000817|Elizabeth Warren|Elizabeth|Warren|Democrat|202-224-4543|2031-01-03|Springfield 01103 413-788-2690; Boston 02203 617-565-3170
MA|junior|2|M000133|Edward J. Markey|Edward|Markey|Democrat|202-224-2742|2027-01-03|Springfield 01103 413-785-4610; Boston 02203 617-565-8519
MD|senior|3|V000128|Chris Van Hollen|Chris|Van Hollen|Democrat|202-224-4654|2029-01-03|Rockville 20850 301-545-1500; Hagerstown 21740 301-797-2826; Baltimore 21201 667-212-4610; Annapolis 21401 410-263-1325; Cambridge 21613 410-221-2074; Largo 20774 301-322-6560
MD|junior|1|A000382|Angela D. Alsobrooks|Angela|Alsobrooks|Democrat|202-224-4524|2031-01-03|Bowie 20720 301-860-0414
ME|senior|2|C001035|Susan M. Collins|Susan|Collins|Republican|202-224-2523|2027-01-03|Augusta 04330 207-622-8414; Bangor 04401 207-945-0417; Biddeford 04005 207-283-1101; Caribou 04736 207-493-7873; Lewiston 04240 207-784-6969; Portland 04101 207-618-5560
ME|junior|1|K000383|Angus S. King, Jr.|Angus|King|Independent/Democrat|202-224-5344|2031-01-03|Bangor 04401 207-945-8000; Biddeford 04005 207-352-5216; Portland 04101 207-245-1565; Augusta 04330 207-622-8292; Presque Isle 04769 207-764-5124
MI|senior|2|P000595|Gary C. Peters|Gary|Peters|Democrat|202-224-6221|2027-01-03|Detroit 48226 313-226-6020; Grand Rapids 49503 616-233-9150; Lansing 48933 517-377-1508; Marquette 49855 906-226-4554; Pontiac 48342 248-608-8040; Flint 48502 989-754-0112; Traverse City 49684 231-947-7773
MI|junior|1|S001208|Elissa Slotkin|Elissa|Slotkin|Democrat|202-224-4822|2031-01-03|Lansing 48933 517-993-0510
MN|senior|1|K000367|Amy Klobuchar|Amy|Klobuchar|Democrat|202-224-3244|2031-01-03|Minneapolis 55415 612-727-5220; Moorhead 56560 218-287-2219; Rochester 55901 507-288-5321; Virginia 55792 218-741-9690
MN|junior|2|S001203|Tina Smith|Tina|Smith|Democrat|202-224-5641|2027-01-03|Moorhead 56560 218-284-8721; Duluth 55802 218-722-2390; Saint Paul 55107 651-221-1016; Rochester 55901 507-218-2003
MO|senior|1|H001089|Josh Hawley|Joshua|Hawley|Republican|202-224-6154|2031-01-03|Cape Girardeau 63703 573-334-5995; Columbia 65201 573-554-1919; St. Louis 63102 314-354-7060; Kansas City 64106 816-960-4694; Springfield 65806 417-869-4433
MO|junior|3|S001227|Eric Schmitt|Eric|Schmitt|Republican|202-224-5721|2029-01-03|St. Louis 63102 314-230-7263; Columbia 65201 573-514-8680; Springfield 65804 417-290-5000; Kansas City 64163 816-849-6234; Cape Girardeau 63703 573-388-8340
MS|senior|1|W000437|Roger F. Wicker|Roger|Wicker|Republican|202-224-6253|2031-01-03|Gulfport 39501 228-871-7017; Hernando 38632 662-429-1002; Jackson 39201 601-965-4644; Tupelo 38804 662-844-5010
MS|junior|2|H001079|Cindy Hyde-Smith|Cindy|Hyde-Smith|Republican|202-224-5054|2027-01-03|Jackson 39201 601-965-4459; Oxford 38655 662-236-1018; Gulfport 39501 228-867-9710; Brookhaven 39601 601-748-8024
MT|senior|2|D000618|Steve Daines|Steve|Daines|Republican|202-224-2651|2027-01-03|Billings 59101 406-245-6822; Great Falls 59401 406-453-0148; Helena 59601 406-443-3189; Missoula 59802 406-549-8198; Sidney 59270 406-482-9010; Bozeman 59718 406-587-3446; Kalispell 59901 406-257-3765
MT|junior|1|S001232|Tim Sheehy|Tim|Sheehy|Republican|202-224-2644|2031-01-03|Billings 59101 406-252-0559; Bozeman 59715 406-872-6350; Butte 59701 406-782-2048; East Kalispell 59901 406-257-3398; Great Falls 59401 406-452-9587; Helena 59601 406-441-1069
NC|senior|2|T000476|Thom Tillis|Thom|Tillis|Republican|202-224-6342|2027-01-03|Greenville 27858 252-329-0371; Hendersonville 28792 828-693-8750; Raleigh 27601 919-856-4630; Greensboro 27408 336-885-0685; Charlotte 28262 704-509-9087
NC|junior|3|B001305|Ted Budd|Ted|Budd|Republican|202-224-3154|2029-01-03|Advance 27006 336-941-4470; Raleigh 27601 984-349-5061; Wilmington 28401 910-218-7600; Asheville 28801 828-333-4130
ND|senior|3|H001061|John Hoeven|John|Hoeven|Republican|202-224-2551|2029-01-03|Bismarck 58501 701-250-4618; Fargo 58102 701-239-5389; Grand Forks 58203 701-746-8972; Minot 58701 701-838-1361; Watford City 58854 701-609-2727
ND|junior|1|C001096|Kevin Cramer|Kevin|Cramer|Republican|202-224-2043|2031-01-03|Bismarck 58501 701-204-0500; Fargo 58102 701-232-5094; Grand Forks 58203 701-402-4540; Minot 58701 701-837-6141; Williston 58801 701-441-7230
NE|senior|1|F000463|Deb Fischer|Deb|Fischer|Republican|202-224-6551|2031-01-03|Kearney 68847 308-234-2361; Omaha 68154 402-391-3411; Scottsbluff 69361 308-630-2329; Lincoln 68508 402-441-4600
NE|junior|2|R000618|Pete Ricketts|Pete|Ricketts|Republican|202-224-4224|2027-01-03|Omaha 68118 402-550-8040; Lincoln 68508 402-476-1400; Kearney 68845 308-233-3677; Scottsbluff 69361 308-632-6032
NH|senior|2|S001181|Jeanne Shaheen|Jeanne|Shaheen|Democrat|202-224-2841|2027-01-03|Berlin 03570 603-752-6300; Claremont 03743 603-542-4872; Dover 03820 603-750-3004; Keene 03431 603-358-6604; Manchester 03101 603-647-7500; Nashua 03060 603-883-0196
NH|junior|3|H001076|Margaret Wood Hassan|Margaret|Hassan|Democrat|202-224-3324|2029-01-03|Berlin 03570 603-752-6190; Manchester 03101 603-622-2204; Portsmouth 03801 603-433-4445; Concord 03301 603-622-2204
NJ|senior|2|B001288|Cory A. Booker|Cory|Booker|Democrat|202-224-3224|2027-01-03|Newark 07102 973-639-8700; Camden 08102 856-338-8922
NJ|junior|1|K000394|Andy Kim|Andy|Kim|Democrat|202-224-4744|2031-01-03|Barrington 08007 856-757-5353; Jersey City 07311 201-377-0900
NM|senior|1|H001046|Martin Heinrich|Martin|Heinrich|Democrat|202-224-5521|2031-01-03|Albuquerque 87102 505-346-6601; Farmington 87402 505-325-5030; Roswell 88201 575-622-7113; Las Cruces 88001 575-523-6561
NM|junior|2|L000570|Ben Ray Luján|Ben|Luján|Democrat|202-224-6621|2027-01-03|Las Vegas 87701 505-454-3038; Albuquerque 87102 505-337-7023; Santa Fe 87501 505-230-7040; Las Cruces 88001 575-288-4644; Portales 88130 575-252-6188
NV|senior|3|C001113|Catherine Cortez Masto|Catherine|Cortez Masto|Democrat|202-224-3542|2029-01-03|Las Vegas 89101 702-388-5020; Reno 89501 775-686-5750
NV|junior|1|R000608|Jacky Rosen|Jacky|Rosen|Democrat|202-224-6244|2031-01-03|Reno 89501 775-337-0110; Las Vegas 89101 702-388-0205
NY|senior|3|S000148|Charles E. Schumer|Charles|Schumer|Democrat|202-224-6542|2029-01-03|Rochester 14614 585-263-5866; Binghamton 13901 607-772-6792; Buffalo 14202 716-846-4111; New York 10017 212-486-4430; Peekskill 10566 914-734-1532; Syracuse 13261 315-423-5471; Albany 12207 518-431-4070; Melville 11747 631-753-0978
NY|junior|1|G000555|Kirsten E. Gillibrand|Kirsten|Gillibrand|Democrat|202-224-4451|2031-01-03|Albany 12207 518-431-0120; Buffalo 14210 716-854-9725; Lowville 13367 315-376-6118; New York 10017 212-688-6262; Melville 11747 631-249-2825; Rochester 14614 585-263-6250; Syracuse 13261 315-448-0470; Yonkers 10710 845-875-4585
OH|senior|1|M001242|Bernie Moreno|Bernie|Moreno|Republican|202-224-2315|2031-01-03|Columbus 43215 614-469-2083; Cleveland 44113 216-522-7272; Cincinnati 45202 513-684-1021
OH|junior|3|H001104|Jon Husted|Jon|Husted|Republican|202-224-3353|2026-11-03 special|Toledo 43604 567-304-3777; Columbus 43215 614-369-4925; Middletown 45042 513-318-1100; Cleveland 44199 216-539-7877
OK|senior|3|L000575|James Lankford|James|Lankford|Republican|202-224-5754|2029-01-03|Oklahoma City 73102 405-231-4941; Tulsa 74103 918-581-7651
OK|junior|2|A000383|Alan Armstrong|Alan|Armstrong|Republican|202-224-4721|2027-01-03|Oklahoma City 73112 405-246-0025
OR|senior|3|W000779|Ron Wyden|Ron|Wyden|Democrat|202-224-5244|2029-01-03|Bend 97701 541-330-9142; Eugene 97401 541-431-0229; La Grande 97850 541-962-7691; Medford 97501 541-858-5122; Portland 97232 503-326-7525; Salem 97301 503-589-4555
OR|junior|2|M001176|Jeff Merkley|Jeff|Merkley|Democrat|202-224-3753|2027-01-03|Baker City 97814 541-278-1129; Bend 97703 541-318-1298; Eugene 97401 541-465-6750; Medford 97501 541-608-9102; Portland 97204 503-326-3386; Salem 97301 503-362-8102
PA|senior|3|F000479|John Fetterman|John|Fetterman|Democrat|202-224-4254|2029-01-03|Pittsburgh 15222 412-803-3501; Erie 16501 814-453-3010; Harrisburg 17101 717-782-3951; Wilkes-Barre 18702 570-820-4088; Philadelphia 19106 215-241-1090
PA|junior|1|M001243|David McCormick|Dave|McCormick|Republican|202-224-6324|2031-01-03|Harrisburg 17101 717-231-7540; Pittsburgh 15219 412-803-7370; Erie 16501 814-240-5213; State College 16803 814-357-0314; Philadelphia 19103 215-405-9660; Allentown 18101 610-782-9470; Scranton 18503 570-941-0930
RI|senior|2|R000122|Jack Reed|John|Reed|Democrat|202-224-4642|2027-01-03|Cranston 02920 401-943-3100; Providence 02903 401-528-5200
RI|junior|1|W000802|Sheldon Whitehouse|Sheldon|Whitehouse|Democrat|202-224-2921|2031-01-03|Providence 02903 401-453-5294
SC|senior|2|G000359|Lindsey Graham|Lindsey|Graham|Republican|202-224-5972|2027-01-03|Florence 29501 843-669-1505; Pendleton 29670 864-646-4090; Rock Hill 29730 803-366-2828; Columbia 29201 803-933-0112; Charleston 29407 843-849-3887; Greenville 29601 864-250-1417
SC|junior|3|S001184|Tim Scott|Tim|Scott|Republican|202-224-6121|2029-01-03|Columbia 29201 803-771-6112; North Charleston 29406 843-727-4525; Greenville 29601 864-233-5366
SD|senior|3|T000250|John Thune|John|Thune|Republican|202-224-2321|2029-01-03|Rapid City 57701 605-348-7551; Sioux Falls 57108 605-334-9596; Aberdeen 57401 605-225-8823
SD|junior|2|R000605|Mike Rounds|Mike|Rounds|Republican|202-224-5842|2027-01-03|Pierre 57501 605-224-1450; Sioux Falls 57104 605-336-0486; Aberdeen 57401 605-225-0366; Rapid City 57701 605-343-5035
TN|senior|1|B001243|Marsha Blackburn|Marsha|Blackburn|Republican|202-224-3344|2031-01-03|Chattanooga 37402 423-541-2939; Jackson 38301 731-660-3971; Knoxville 37902 865-540-3781; Memphis 38103 901-527-9199; Nashville 37203 629-800-6600; Johnson City 37604 423-753-4009
TN|junior|2|H000601|Bill Hagerty|Bill|Hagerty|Republican|202-224-4944|2027-01-03|Nashville 37203 615-736-5129; Chattanooga 37402 423-752-5337; Blountville 37617 423-325-6240; Knoxville 37902 865-545-4253; Memphis 38103 901-544-4224; Jackson 38301 731-234-9358; Cookeville 38503 931-400-7080
TX|senior|2|C001056|John Cornyn|John|Cornyn|Republican|202-224-2934|2027-01-03|Austin 78701 512-469-6034; Dallas 75244 972-239-1310; Lubbock 79401 806-472-7533; San Antonio 78205 210-224-7485; Tyler 75702 903-593-0902; Houston 77007 713-572-3337; Harlingen 78552 956-423-0162
TX|junior|1|C001098|Ted Cruz|Ted|Cruz|Republican|202-224-5922|2031-01-03|Austin 78701 512-916-5834; Dallas 75219 214-599-8749; Houston 77002 713-718-3057; McAllen 78501 956-686-7339; San Antonio 78230 210-340-2885; Tyler 75702 903-593-5130
UT|senior|3|L000577|Mike Lee|Mike|Lee|Republican|202-224-5444|2029-01-03|Ogden 84401 801-392-9633; Salt Lake City 84138 801-524-5933; Vernal 84078 435-503-9335; St. George 84770 435-628-5514
UT|junior|1|C001114|John R. Curtis|John|Curtis|Republican|202-224-5251|2031-01-03|Salt Lake City 84138 801-524-4380
VA|senior|2|W000805|Mark R. Warner|Mark|Warner|Democrat|202-224-2023|2027-01-03|Abingdon 24210 276-628-8158; Norfolk 23510 757-441-3079; Richmond 23219 804-775-2314; Roanoke 24011 540-857-2676; Vienna 22182 703-442-0670
VA|junior|1|K000384|Tim Kaine|Timothy|Kaine|Democrat|202-224-4024|2031-01-03|Abingdon 24210 276-525-4790; Manassas 20110 703-361-3192; Richmond 23219 804-771-2221; Roanoke 24011 540-682-5693; Virginia Beach 23462 757-518-1674; Fredericksburg 22401 540-369-7667
VT|senior|1|S000033|Bernard Sanders|Bernard|Sanders|Independent/Democrat|202-224-5141|2031-01-03|Burlington 05401 802-862-0697
VT|junior|3|W000800|Peter Welch|Peter|Welch|Democrat|202-224-4242|2029-01-03|Burlington 05401 802-863-2525
WA|senior|3|M001111|Patty Murray|Patty|Murray|Democrat|202-224-2621|2029-01-03|Everett 98201 425-259-6515; Seattle 98174 206-553-5545; Vancouver 98661 360-696-7797; Tacoma 98402 253-572-3636; Spokane 99201 509-624-9515; Richland 99352 509-453-7462; Olympia 98501 360-205-2878
WA|junior|1|C000127|Maria Cantwell|Maria|Cantwell|Democrat|202-224-3441|2031-01-03|Everett 98201 425-303-0114; Richland 99352 509-946-8106; Seattle 98174 206-220-6400; Spokane 99201 509-353-2507; Tacoma 98402 253-572-2281; Vancouver 98661 360-696-7838
WI|senior|3|J000293|Ron Johnson|Ron|Johnson|Republican|202-224-5323|2029-01-03|Milwaukee 53202 414-276-7282; Oshkosh 54901 920-230-7250; Madison 53718 608-240-9629
WI|junior|1|B001230|Tammy Baldwin|Tammy|Baldwin|Democrat|202-224-5653|2031-01-03|Eau Claire 54701 715-832-8424; Madison 53703 608-264-5338; Milwaukee 53203 414-297-4451; Green Bay 54311 920-498-2668; La Crosse 54601 608-796-0045; Ladysmith 54848 715-832-8424
WV|senior|2|C001047|Shelley Moore Capito|Shelley|Capito|Republican|202-224-6472|2027-01-03|Martinsburg 25401 304-262-9285; Morgantown 26501 304-292-2310; Charleston 25301 304-347-5372
WV|junior|1|J000312|James C. Justice|Jim|Justice|Republican|202-224-3954|2031-01-03|Charleston 25302 304-342-5855
WY|senior|1|B001261|John Barrasso|John|Barrasso|Republican|202-224-6441|2031-01-03|Casper 82601 307-261-6413; Cheyenne 82001 307-772-2451; Riverton 82501 307-856-6642; Rock Springs 82901 307-362-5012; Sheridan 82801 307-672-6456
WY|junior|2|L000571|Cynthia M. Lummis|Cynthia|Lummis|Republican|202-224-3424|2027-01-03|Cheyenne 82001 307-772-2477; Cody 82414 307-527-9444; Casper 82602 307-261-6572; Sundance 82729 307-283-3461; Afton 83110 307-248-1736`

/** The senators as they were when this version was made: what a fresh installation starts with. */
export const bundledTable: SenatorTable = parseTable(TABLE)

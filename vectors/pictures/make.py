"""Writes pictures.json beside it, with Pillow and NumPy."""
import base64, io, json
from pathlib import Path
import numpy as np, PIL
from PIL import Image, ImageOps
b64=lambda a: base64.b64encode(bytes(a)).decode()
def pixels(w,h,c):
    y,x,k=np.mgrid[0:h,0:w,0:c]
    return ((x*37+y*59+k*83+(x*y)%17*11) % 256).astype(np.uint8)
def smooth(w,h):
    y,x=np.mgrid[0:h,0:w]
    return np.stack([x*200//w+y*50//h, 255-y*220//h, (x*90//w+y*90//h)],-1).astype(np.uint8)
out={'pillow':PIL.__version__,'numpy':np.__version__,'files':[],'resized':[],'hashes':[]}
def add(name,img,fmt='PNG',**k):
    b=io.BytesIO(); img.save(b,fmt,**k)
    again=ImageOps.exif_transpose(Image.open(io.BytesIO(b.getvalue())))
    out['files'].append({'name':name,'file':b64(b.getvalue()),'width':again.width,'height':again.height,'rgba':b64(again.convert('RGBA').tobytes())})
rgb=Image.fromarray(pixels(13,9,3)); rgba=Image.fromarray(pixels(7,5,4)); grey=Image.fromarray(pixels(7,5,1)[...,0]); la=Image.fromarray(pixels(7,5,2))
add('RGB',rgb); add('RGBA',rgba); add('grey',grey); add('grey and alpha',la)
palette=rgb.convert('P',palette=Image.ADAPTIVE,colors=5)
add('palette of 4 bits',palette); add('palette of 2 bits',rgb.convert('P',palette=Image.ADAPTIVE,colors=4)); add('palette of 8 bits',Image.fromarray(smooth(32,20)).convert('P',palette=Image.ADAPTIVE,colors=200))
add('palette with alpha',palette,transparency=bytes([0,80,255,10,200])); add('palette with a clear colour',palette,transparency=1)
add('one bit',Image.fromarray(pixels(11,5,1)[...,0]).convert('1'))
add('one bit with a clear colour',Image.fromarray(pixels(11,5,1)[...,0]).convert('1'),transparency=1)
add('RGB with a clear colour',rgb,transparency=tuple(int(v) for v in pixels(13,9,3)[2,3]))
add('grey with a clear colour',grey,transparency=int(pixels(7,5,1)[1,2,0]))
big=Image.fromarray(smooth(24,16))
add('JPEG',big,'JPEG',quality=95,subsampling=0); add('progressive JPEG',big,'JPEG',quality=95,subsampling=0,progressive=True)
add('JPEG of greys',big.convert('L'),'JPEG',quality=95)
add('WebP without loss',rgba,'WEBP',lossless=True,exact=True); add('WebP without loss or alpha',rgb,'WEBP',lossless=True); add('WebP',big,'WEBP',quality=95)
for n in range(1,9):
    exif=Image.Exif(); exif[0x0112]=n
    add(f'PNG of orientation {n}',rgb,exif=exif)
    add(f'WebP of orientation {n}',rgb,'WEBP',lossless=True,exif=exif)
    add(f'JPEG of orientation {n}',big,'JPEG',quality=95,subsampling=0,exif=exif)
NAMES=['nearest','lanczos','bilinear','bicubic','box','hamming']
for mode,im in [('RGBA',rgba),('LA',la),('L',grey)]:
    out['resized']+=[{'mode':mode,'source':{'width':7,'height':5,'data':b64(im.tobytes())},'filter':NAMES[f],'width':w,'height':h,'data':b64(im.resize((w,h),resample=f).tobytes())} for f in range(6) for w,h in [(4,3),(12,9)]]
# phash of ImageHash 4 (hash_size=8, highfreq_factor=4), whose DCT-II is SciPy's without normalisation
def phash(im):
    p=np.asarray(im.convert('L').resize((32,32),Image.LANCZOS)).astype(float)
    n=np.arange(32); c=2*np.cos(np.pi*(2*n[None]+1)*n[:,None]/64)
    low=(c@p@c.T)[:8,:8]; bits=low>np.median(low)
    return ''.join('%x'%int(''.join('1' if b else '0' for b in bits.flatten()[i:i+4]),2) for i in range(0,64,4))
for name,a in [('pixels',pixels(40,30,3)),('smooth',smooth(50,60)),('smooth, mirrored',smooth(50,60)[:,::-1].copy()),('pixels of 100',pixels(100,70,3))]:
    im=Image.fromarray(a); out['hashes'].append({'name':name,'width':im.width,'height':im.height,'rgb':b64(im.tobytes()),'hash':phash(im)})
(Path(__file__).parent/'pictures.json').write_text(json.dumps(out,indent=1)+'\n')
